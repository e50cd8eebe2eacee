/** Oura's scopes (Oura's authentication page). A person can leave each out on Oura's page as well. */
import type { Scope } from "../provider.ts";

/**
 * `daily` is always asked for: a request without any scope means all of them. The e-mail address is asked for only where
 * the person chooses it.
 */
export const scopes = [
  {
    name: "daily",
    isRequired: true,
    label: {
      en: "Daily sleep, activity, readiness and stress",
      de: "Schlaf, Aktivität, Bereitschaft und Stress jedes Tages",
      fr: "Sommeil, activité, forme et stress de chaque jour",
      es: "Sueño, actividad, disposición y estrés de cada día",
      it: "Sonno, attività, prontezza e stress di ogni giorno",
      pt: "Sono, atividade, prontidão e estresse de cada dia",
      nl: "Slaap, activiteit, gereedheid en stress van elke dag",
      fi: "Päivittäinen uni, aktiivisuus, valmius ja stressi",
      sv: "Sömn, aktivitet, beredskap och stress för varje dag",
      ja: "毎日の睡眠、アクティビティ、コンディション、ストレス",
    },
  },
  {
    name: "heartrate",
    isRequired: false,
    label: {
      en: "Heart rate through the day",
      de: "Herzfrequenz im Tagesverlauf",
      fr: "Fréquence cardiaque au fil de la journée",
      es: "Frecuencia cardíaca durante el día",
      it: "Frequenza cardiaca durante il giorno",
      pt: "Frequência cardíaca ao longo do dia",
      nl: "Hartslag gedurende de dag",
      fi: "Syke päivän aikana",
      sv: "Puls under dagen",
      ja: "一日を通した心拍数",
    },
  },
  {
    name: "workout",
    isRequired: false,
    label: {
      en: "Workouts",
      de: "Trainings",
      fr: "Entraînements",
      es: "Entrenamientos",
      it: "Allenamenti",
      pt: "Treinos",
      nl: "Trainingen",
      fi: "Harjoitukset",
      sv: "Träningspass",
      ja: "ワークアウト",
    },
  },
  {
    name: "session",
    isRequired: false,
    label: {
      en: "Breathing, meditation and rest sessions",
      de: "Atem-, Meditations- und Ruheübungen",
      fr: "Séances de respiration, de méditation et de repos",
      es: "Sesiones de respiración, meditación y descanso",
      it: "Sessioni di respirazione, meditazione e riposo",
      pt: "Sessões de respiração, meditação e descanso",
      nl: "Ademhalings-, meditatie- en rustsessies",
      fi: "Hengitys-, meditaatio- ja lepohetket",
      sv: "Andnings-, meditations- och vilopass",
      ja: "呼吸、瞑想、休息のセッション",
    },
  },
  {
    name: "tag",
    isRequired: false,
    label: {
      en: "Tags and notes that you entered",
      de: "Von Ihnen eingetragene Tags und Notizen",
      fr: "Étiquettes et notes que vous avez saisies",
      es: "Etiquetas y notas que ha introducido",
      it: "Etichette e note inserite da lei",
      pt: "Etiquetas e notas que você registrou",
      nl: "Labels en notities die u hebt ingevoerd",
      fi: "Lisäämäsi tunnisteet ja muistiinpanot",
      sv: "Taggar och anteckningar som du har lagt in",
      ja: "入力したタグとメモ",
    },
  },
  {
    name: "spo2Daily",
    isRequired: false,
    label: {
      en: "Blood oxygen during sleep",
      de: "Blutsauerstoff im Schlaf",
      fr: "Oxygène sanguin pendant le sommeil",
      es: "Oxígeno en sangre durante el sueño",
      it: "Ossigeno nel sangue durante il sonno",
      pt: "Oxigênio no sangue durante o sono",
      nl: "Zuurstof in het bloed tijdens de slaap",
      fi: "Veren happipitoisuus unen aikana",
      sv: "Syre i blodet under sömnen",
      ja: "睡眠中の血中酸素",
    },
  },
  {
    name: "personal",
    isRequired: false,
    label: {
      en: "Age, sex, height and weight",
      de: "Alter, Geschlecht, Größe und Gewicht",
      fr: "Âge, sexe, taille et poids",
      es: "Edad, sexo, altura y peso",
      it: "Età, sesso, altezza e peso",
      pt: "Idade, sexo, altura e peso",
      nl: "Leeftijd, geslacht, lengte en gewicht",
      fi: "Ikä, sukupuoli, pituus ja paino",
      sv: "Ålder, kön, längd och vikt",
      ja: "年齢、性別、身長、体重",
    },
  },
  {
    name: "email",
    isRequired: false,
    label: {
      en: "E-mail address",
      de: "E-Mail-Adresse",
      fr: "Adresse e-mail",
      es: "Dirección de correo electrónico",
      it: "Indirizzo e-mail",
      pt: "Endereço de e-mail",
      nl: "E-mailadres",
      fi: "Sähköpostiosoite",
      sv: "E-postadress",
      ja: "メールアドレス",
    },
  },
] as const satisfies readonly Scope[];

export type ScopeName = (typeof scopes)[number]["name"];
