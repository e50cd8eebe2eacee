/** How Inlet's app is set up, in every language of the connect page. */
import type { Text, UploadGuide } from "../../../src/providers/provider.ts";

const install: Text = {
  en: "Install the app on your phone.",
  de: "Installieren Sie die App auf dem Handy.",
  fr: "Installez l’application sur votre téléphone.",
  es: "Instala la aplicación en tu teléfono.",
  it: "Installa l’app sul telefono.",
  pt: "Instale a aplicação no telemóvel.",
  nl: "Installeer de app op je telefoon.",
  fi: "Asenna sovellus puhelimeesi.",
  sv: "Installera appen på telefonen.",
  ja: "スマートフォンにアプリをインストールします。",
};

const open: Text = {
  en: "Set up the app",
  de: "App einrichten",
  fr: "Configurer l’application",
  es: "Configurar la aplicación",
  it: "Configura l’app",
  pt: "Configurar a aplicação",
  nl: "App instellen",
  fi: "Määritä sovellus",
  sv: "Ställ in appen",
  ja: "アプリを設定する",
};

export const setUp: UploadGuide = {
  title: "Inlet",
  steps: [install],
  isEntered: true,
  links: ({ url, header: [, value] }) => [
    { label: open, url: `inlet://set-up?${new URLSearchParams({ url, authorization: value })}` },
  ],
};
