/** How a person makes a key, in the languages of the connect page. */
import type { Translated } from "../provider.ts";

export const keyPage = "https://connect.garmin.com/app/settings/personalApiToken";

export const keySteps: readonly Translated[] = [
  {
    en: "Open this page in a browser, not in the app, and log in to Garmin Connect. A device must have synchronised before.",
    de: "Öffnen Sie diese Seite im Browser, nicht in der App, und melden Sie sich bei Garmin Connect an. Ein Gerät muss vorher synchronisiert worden sein.",
    fr: "Ouvrez cette page dans un navigateur, pas dans l’application, et connectez-vous à Garmin Connect. Un appareil doit déjà avoir été synchronisé.",
    es: "Abre esta página en un navegador, no en la aplicación, e inicia sesión en Garmin Connect. Un dispositivo debe haberse sincronizado antes.",
    it: "Apri questa pagina in un browser, non nell’app, e accedi a Garmin Connect. Un dispositivo deve essere già stato sincronizzato.",
    pt: "Abra esta página em um navegador, não no aplicativo, e entre no Garmin Connect. Um dispositivo já deve ter sido sincronizado.",
    nl: "Open deze pagina in een browser, niet in de app, en log in bij Garmin Connect. Er moet al een apparaat zijn gesynchroniseerd.",
    fi: "Avaa tämä sivu selaimessa, ei sovelluksessa, ja kirjaudu Garmin Connectiin. Laitteen on täytynyt synkronoitua aiemmin.",
    sv: "Öppna sidan i en webbläsare, inte i appen, och logga in på Garmin Connect. En enhet måste ha synkroniserats tidigare.",
    ja: "アプリではなくブラウザでこのページを開き、Garmin Connect にログインします。事前にデバイスの同期が必要です。",
  },
  {
    en: "Make a new key and choose how long it is valid: 30, 90 or 180 days, or a year.",
    de: "Erstellen Sie einen neuen Schlüssel und wählen Sie, wie lange er gilt: 30, 90 oder 180 Tage oder ein Jahr.",
    fr: "Créez une nouvelle clé et choisissez sa durée de validité : 30, 90 ou 180 jours, ou un an.",
    es: "Crea una clave nueva y elige cuánto tiempo es válida: 30, 90 o 180 días, o un año.",
    it: "Crea una nuova chiave e scegli per quanto tempo è valida: 30, 90 o 180 giorni, oppure un anno.",
    pt: "Crie uma nova chave e escolha por quanto tempo ela vale: 30, 90 ou 180 dias, ou um ano.",
    nl: "Maak een nieuwe sleutel en kies hoe lang die geldig is: 30, 90 of 180 dagen, of een jaar.",
    fi: "Luo uusi avain ja valitse sen voimassaoloaika: 30, 90 tai 180 päivää tai vuosi.",
    sv: "Skapa en ny nyckel och välj hur länge den gäller: 30, 90 eller 180 dagar, eller ett år.",
    ja: "新しいキーを作成し、有効期間を 30 日、90 日、180 日、1 年から選びます。",
  },
  {
    en: "Copy the key at once. Garmin shows it only this time.",
    de: "Kopieren Sie den Schlüssel sofort. Garmin zeigt ihn nur dieses eine Mal.",
    fr: "Copiez la clé tout de suite. Garmin ne l’affiche que cette fois.",
    es: "Copia la clave enseguida. Garmin solo la muestra esta vez.",
    it: "Copia subito la chiave. Garmin la mostra solo questa volta.",
    pt: "Copie a chave imediatamente. O Garmin só a mostra desta vez.",
    nl: "Kopieer de sleutel meteen. Garmin toont hem alleen deze keer.",
    fi: "Kopioi avain heti. Garmin näyttää sen vain tämän kerran.",
    sv: "Kopiera nyckeln genast. Garmin visar den bara den här gången.",
    ja: "すぐにキーをコピーします。Garmin が表示するのはこの一度だけです。",
  },
  {
    en: "Paste it here and enter the date on which it ends. To end the access later, delete the key on Garmin's page: disconnecting here only forgets it.",
    de: "Fügen Sie ihn hier ein und geben Sie das Datum an, an dem er endet. Um den Zugriff später zu beenden, löschen Sie den Schlüssel auf der Seite von Garmin: Beim Trennen wird er hier nur vergessen.",
    fr: "Collez-la ici et indiquez la date à laquelle elle expire. Pour mettre fin à l’accès plus tard, supprimez la clé sur la page de Garmin : la déconnexion ici ne fait que l’oublier.",
    es: "Pégala aquí e indica la fecha en que caduca. Para terminar el acceso más adelante, borra la clave en la página de Garmin: al desconectar aquí solo se olvida.",
    it: "Incollala qui e indica la data in cui scade. Per terminare l’accesso in seguito, elimina la chiave sulla pagina di Garmin: scollegando qui viene solo dimenticata.",
    pt: "Cole-a aqui e informe a data em que ela termina. Para encerrar o acesso depois, apague a chave na página do Garmin: desconectar aqui apenas a esquece.",
    nl: "Plak hem hier en vul de datum in waarop hij verloopt. Om de toegang later te beëindigen, verwijder je de sleutel op de pagina van Garmin: hier ontkoppelen vergeet hem alleen.",
    fi: "Liitä se tähän ja anna päivä, jona se päättyy. Jos haluat myöhemmin lopettaa pääsyn, poista avain Garminin sivulla: yhteyden katkaiseminen täällä vain unohtaa sen.",
    sv: "Klistra in den här och ange datumet då den upphör. För att avsluta åtkomsten senare tar du bort nyckeln på Garmins sida: att koppla från här glömmer den bara.",
    ja: "ここに貼り付け、有効期限の日付を入力します。後でアクセスを終了するには Garmin のページでキーを削除してください。ここで連携を解除しても、キーが忘れられるだけです。",
  },
];
