/** How the app Health Auto Export is set up: by a link for each kind of data, or by hand. */
import type { SetUpLink, Text, UploadAccess, UploadGuide } from "../../provider.ts";

const install: Text = {
  en: "Install the app “Health Auto Export – JSON+CSV” on your iPhone and let it read your health data. Automations are a paid function of this app.",
  de: "Installieren Sie die App „Health Auto Export – JSON+CSV“ auf Ihrem iPhone und lassen Sie sie Ihre Gesundheitsdaten lesen. Automationen sind eine kostenpflichtige Funktion dieser App.",
  fr: "Installez l’app « Health Auto Export – JSON+CSV » sur votre iPhone et laissez-la lire vos données de santé. Les automatisations sont une fonction payante de cette app.",
  es: "Instala la app «Health Auto Export – JSON+CSV» en tu iPhone y deja que lea tus datos de salud. Las automatizaciones son una función de pago de esta app.",
  it: "Installa l’app «Health Auto Export – JSON+CSV» sul tuo iPhone e consentile di leggere i tuoi dati sanitari. Le automazioni sono una funzione a pagamento di questa app.",
  pt: "Instale o app “Health Auto Export – JSON+CSV” no seu iPhone e deixe que ele leia seus dados de saúde. As automações são uma função paga desse app.",
  nl: "Installeer de app ‘Health Auto Export – JSON+CSV’ op je iPhone en laat hem je gezondheidsgegevens lezen. Automatiseringen zijn een betaalde functie van deze app.",
  fi: "Asenna iPhoneen sovellus ”Health Auto Export – JSON+CSV” ja anna sen lukea terveystietosi. Automaatiot ovat sovelluksen maksullinen toiminto.",
  sv: "Installera appen ”Health Auto Export – JSON+CSV” på din iPhone och låt den läsa dina hälsodata. Automationer är en betalfunktion i appen.",
  ja: "iPhoneにアプリ「Health Auto Export – JSON+CSV」をインストールし、ヘルスケアデータの読み取りを許可します。オートメーションはこのアプリの有料機能です。",
};

const create: Text = {
  en: "Use each of these links once: each makes an automation, which you save in the app.",
  de: "Benutzen Sie jeden dieser Links einmal: Jeder legt eine Automation an, die Sie in der App sichern.",
  fr: "Utilisez chacun de ces liens une fois : chacun crée une automatisation, que vous enregistrez dans l’app.",
  es: "Usa cada uno de estos enlaces una vez: cada uno crea una automatización, que guardas en la app.",
  it: "Usa ciascuno di questi link una volta: ognuno crea un’automazione, che salvi nell’app.",
  pt: "Use cada um destes links uma vez: cada um cria uma automação, que você salva no app.",
  nl: "Gebruik elk van deze links één keer: elke link maakt een automatisering, die je in de app bewaart.",
  fi: "Käytä kutakin näistä linkeistä kerran: jokainen luo automaation, jonka tallennat sovelluksessa.",
  sv: "Använd var och en av länkarna en gång: varje länk skapar en automation, som du sparar i appen.",
  ja: "次のリンクをそれぞれ一度ずつ使います。リンクごとにオートメーションが作られるので、アプリで保存します。",
};

const enter: Text = {
  en: "Or make an automation of the type “REST API” yourself, with the format JSON and with the address and the header below.",
  de: "Oder legen Sie selbst eine Automation der Art „REST API“ an, mit dem Format JSON und mit der Adresse und der Kopfzeile, die unten stehen.",
  fr: "Ou créez vous-même une automatisation de type « REST API », au format JSON, avec l’adresse et l’en-tête ci-dessous.",
  es: "O crea tú una automatización del tipo «REST API», con el formato JSON y con la dirección y la cabecera de abajo.",
  it: "Oppure crea tu un’automazione di tipo «REST API», con il formato JSON e con l’indirizzo e l’intestazione qui sotto.",
  pt: "Ou crie você uma automação do tipo “REST API”, com o formato JSON e com o endereço e o cabeçalho abaixo.",
  nl: "Of maak zelf een automatisering van het type ‘REST API’, met het formaat JSON en met het adres en de header hieronder.",
  fi: "Tai luo itse automaatio, jonka tyyppi on ”REST API” ja muoto JSON, ja anna sille alla olevat osoite ja otsake.",
  sv: "Eller skapa själv en automation av typen ”REST API”, med formatet JSON och med adressen och rubriken nedan.",
  ja: "または、種類「REST API」、形式JSONのオートメーションを自分で作り、下のアドレスとヘッダーを入力します。",
};

const unlocked: Text = {
  en: "Data is sent while the iPhone is unlocked, some minutes after you use it.",
  de: "Gesendet wird, während das iPhone entsperrt ist, einige Minuten nachdem Sie es benutzen.",
  fr: "Les données partent quand l’iPhone est déverrouillé, quelques minutes après que vous l’avez utilisé.",
  es: "Los datos se envían mientras el iPhone está desbloqueado, unos minutos después de que lo uses.",
  it: "I dati vengono inviati mentre l’iPhone è sbloccato, alcuni minuti dopo che lo usi.",
  pt: "Os dados são enviados enquanto o iPhone está desbloqueado, alguns minutos depois que você o usa.",
  nl: "Er wordt verstuurd terwijl de iPhone ontgrendeld is, enkele minuten nadat je hem gebruikt.",
  fi: "Tiedot lähetetään, kun iPhonen lukitus on avattu, muutama minuutti sen käyttämisen jälkeen.",
  sv: "Data skickas medan din iPhone är upplåst, några minuter efter att du har använt den.",
  ja: "データは、iPhoneのロックが解除されている間、使用してから数分後に送信されます。",
};

const metrics: Text = {
  en: "Set up for health metrics",
  de: "Für Gesundheitswerte einrichten",
  fr: "Configurer pour les mesures de santé",
  es: "Configurar para las mediciones de salud",
  it: "Configura per le misurazioni della salute",
  pt: "Configurar para as medições de saúde",
  nl: "Instellen voor gezondheidswaarden",
  fi: "Määritä terveysmittauksille",
  sv: "Ställ in för hälsomått",
  ja: "ヘルスケアの測定値用に設定する",
};

const workouts: Text = {
  en: "Set up for workouts",
  de: "Für Trainings einrichten",
  fr: "Configurer pour les entraînements",
  es: "Configurar para los entrenamientos",
  it: "Configura per gli allenamenti",
  pt: "Configurar para os treinos",
  nl: "Instellen voor trainingen",
  fi: "Määritä harjoituksille",
  sv: "Ställ in för träningspass",
  ja: "ワークアウト用に設定する",
};

/** The app's own address for its settings. Its default period repeats yesterday and today, so late values come too. */
function linkTo({ url, header }: UploadAccess, datatype: string): string {
  const settings = {
    url,
    name: "Systole",
    headers: header.join(","),
    format: "json",
    datatype,
    aggregatedata: "false",
    period: "none",
    syncinterval: "hours",
    syncquantity: "1",
    batchrequests: "true",
  };
  // Not URLSearchParams: the app reads a plus as a plus, and not as a space.
  const query = Object.entries(settings).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return `com.HealthExport://automation?${query.join("&")}`;
}

const links = (access: UploadAccess): SetUpLink[] => [
  { label: metrics, url: linkTo(access, "healthmetrics") },
  { label: workouts, url: linkTo(access, "workouts") },
];

export const healthAutoExportSetUp: UploadGuide = {
  title: "Health Auto Export",
  steps: [install, create, enter, unlocked],
  links,
  isEntered: true,
};
