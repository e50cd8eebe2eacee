/** How a person gets Apple's own export out of the Health app. */
import type { Text, UploadGuide } from "../../provider.ts";

const title: Text = {
  en: "Everything at once: the export of the Health app",
  de: "Alles auf einmal: der Export der App Health",
  fr: "Tout d’un coup : l’export de l’app Santé",
  es: "Todo de una vez: la exportación de la app Salud",
  it: "Tutto in una volta: l’esportazione dell’app Salute",
  pt: "Tudo de uma vez: a exportação do app Saúde",
  nl: "Alles in één keer: de export van de app Gezondheid",
  fi: "Kaikki kerralla: Terveys-apin vienti",
  sv: "Allt på en gång: exporten från appen Hälsa",
  ja: "すべてを一度に: ヘルスケアアプリの書き出し",
};

const exporting: Text = {
  en: "On the iPhone, open the app Health, tap your picture at the top right, then “Export All Health Data”. It takes a few minutes.",
  de: "Öffnen Sie auf dem iPhone die App Health, tippen Sie oben rechts auf Ihr Bild, dann auf „Alle Gesundheitsdaten exportieren“. Das dauert einige Minuten.",
  fr: "Sur l’iPhone, ouvrez l’app Santé, touchez votre photo en haut à droite, puis « Exporter toutes les données de santé ». Cela prend quelques minutes.",
  es: "En el iPhone, abre la app Salud, toca tu foto arriba a la derecha y después «Exportar todos los datos de salud». Tarda unos minutos.",
  it: "Sull’iPhone apri l’app Salute, tocca la tua foto in alto a destra, poi «Esporta tutti i dati sanitari». Ci vogliono alcuni minuti.",
  pt: "No iPhone, abra o app Saúde, toque na sua foto no canto superior direito e depois em “Exportar Todos os Dados de Saúde”. Leva alguns minutos.",
  nl: "Open op de iPhone de app Gezondheid, tik rechtsboven op je foto en dan op ‘Exporteer alle gezondheidsgegevens’. Het duurt enkele minuten.",
  fi: "Avaa iPhonessa Terveys-appi, napauta kuvaasi oikeassa yläkulmassa ja valitse ”Vie kaikki terveystiedot”. Se kestää muutaman minuutin.",
  sv: "Öppna appen Hälsa på din iPhone, tryck på din bild uppe till höger och sedan på ”Exportera alla hälsodata”. Det tar några minuter.",
  ja: "iPhoneでヘルスケアアプリを開き、右上の写真をタップして「すべてのヘルスケアデータを書き出す」を選びます。数分かかります。",
};

const choosing: Text = {
  en: "Save the file “export.zip”, and choose it here. It need not be unpacked.",
  de: "Sichern Sie die Datei „export.zip“ und wählen Sie sie hier aus. Sie muss nicht entpackt werden.",
  fr: "Enregistrez le fichier « export.zip » et choisissez-le ici. Il n’est pas nécessaire de le décompresser.",
  es: "Guarda el archivo «export.zip» y elígelo aquí. No hace falta descomprimirlo.",
  it: "Salva il file «export.zip» e sceglilo qui. Non serve decomprimerlo.",
  pt: "Salve o arquivo “export.zip” e escolha-o aqui. Não é preciso descompactá-lo.",
  nl: "Bewaar het bestand ‘export.zip’ en kies het hier. Uitpakken is niet nodig.",
  fi: "Tallenna tiedosto ”export.zip” ja valitse se tässä. Sitä ei tarvitse purkaa.",
  sv: "Spara filen ”export.zip” och välj den här. Den behöver inte packas upp.",
  ja: "ファイル「export.zip」を保存し、ここで選びます。展開する必要はありません。",
};

export const exportSetUp: UploadGuide = {
  title,
  steps: [exporting, choosing],
  file: { accept: ".zip,.xml,application/zip,application/xml,text/xml" },
};
