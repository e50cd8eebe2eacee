import type { Words } from "./en.ts";

const theApp = "l’application";
const theAppYouCameFrom = "l’application d’où vous venez";

export const fr: Words = {
  choose: {
    title: "Que souhaitez-vous connecter ?",
    lead: (app) =>
      `${app ?? "L’application d’où vous venez"} souhaite recevoir vos données de santé et de forme. Choisissez l’appareil ou le service d’où elles proviennent.`,
    search: "Rechercher par nom",
    find: "Rechercher",
    none: "Aucun résultat. Essayez un autre nom.",
    all: "Tout afficher",
    empty: (app) => `Il n’y a encore rien à connecter. Merci de le signaler à ${app ?? theAppYouCameFrom}.`,
  },
  share: {
    title: (provider, app) => `Partager vos données ${provider} avec ${app ?? theApp}`,
    what: "Ce qui sera partagé",
    past: (provider, days) => `Y compris ce que ${provider} a conservé des ${days} derniers jours.`,
    choice: "À vous de décider",
    receiverTitle: "Qui les reçoit",
    receiver: (app, host) =>
      `${app ?? "L’application d’où vous venez"}. Vos données lui parviennent par ${host}.`,
    endTitle: "Comment arrêter",
    endAtProvider: (provider, app) =>
      `À tout moment, dans ${app ?? theApp} ou dans votre compte ${provider}.`,
    endByKey: (provider, app) =>
      `À tout moment, dans ${app ?? theApp} ou en supprimant la clé chez ${provider}.`,
    endInApp: (app) => `À tout moment, dans ${app ?? theApp}.`,
    goOn: (provider) => `Accepter et continuer vers ${provider}`,
    next: (provider) => `Vous vous connecterez à ${provider} et y confirmerez votre choix.`,
    agree: "Accepter et connecter",
    cancel: "Annuler",
    back: "Tous les appareils et services",
  },
  types: {
    activity: {
      title: "Entraînements",
      detail: "Par exemple durée, distance, fréquence cardiaque, allure et itinéraire",
    },
    daily: {
      title: "Activité quotidienne",
      detail: "Par exemple pas, calories et fréquence cardiaque au fil de la journée",
    },
    sleep: {
      title: "Sommeil",
      detail: "Par exemple horaires, phases de sommeil, fréquence cardiaque et respiration",
    },
    body: {
      title: "Mesures corporelles",
      detail: "Par exemple poids, température, tension artérielle et oxygène sanguin",
    },
    nutrition: { title: "Alimentation", detail: "Par exemple repas, boissons et nutriments" },
    menstruation: {
      title: "Cycle menstruel",
      detail: "Par exemple dates des règles et phases du cycle",
    },
    athlete: { title: "Profil", detail: "Par exemple nom, date de naissance, sexe et pays" },
  },
  key: {
    title: "Votre clé",
    steps: (provider) => `${provider} se connecte avec une clé que vous y créez :`,
    open: (provider) => `Ouvrir ${provider}`,
    newTab: "s’ouvre dans un nouvel onglet",
    label: "Clé",
    ends: "Dernier jour de validité de la clé, s’il y en a un",
    missing: "Collez d’abord la clé.",
  },
  upload: {
    title: (provider) => `${provider} est connecté`,
    lead: "Choisissez comment vos données doivent arriver ; plusieurs façons sont possibles. Gardez cette page ouverte : elle ne montre le jeton que dans ce navigateur, pendant une heure.",
    format: (format) => `Adresse pour « ${format} »`,
    address: "Adresse du serveur",
    header: "En-tête avec le jeton",
    scan: "Utilisez le bouton sur le téléphone même, ou scannez le code avec lui.",
    code: (what) => `Code à scanner : ${what}`,
    waiting: "En attente des premières données …",
    arrived: "Les premières données sont arrivées.",
    zone: {
      title: "Votre fuseau horaire",
      lead: "Certaines de vos données arrivent sans fuseau horaire. Leurs jours sont découpés selon celui-ci.",
      label: "Fuseau horaire",
      save: "Enregistrer le fuseau",
      saved: (zone) => `Enregistré : ${zone}`,
      unknown: "Il n’existe pas de fuseau horaire de ce nom. Essayez la grande ville la plus proche.",
    },
    file: {
      label: "Fichier",
      send: "Envoyer le fichier",
      sending: "Envoi en cours …",
      sent: "Le fichier est arrivé et il est en cours de lecture.",
      failed:
        "L’envoi a été interrompu. Choisissez de nouveau le même fichier : il reprendra là où il s’est arrêté.",
      storing: "Le fichier est lu. Ses journées sont en cours d’enregistrement, les plus récentes d’abord.",
      done: "Tout le fichier est lu et enregistré.",
      problems: {
        missing: "Choisissez un fichier qui n’est pas vide.",
        tooLarge: "Le fichier est trop volumineux.",
        unfinished: "Trop d’envois ont été commencés sans être terminés. Réessayez demain.",
        notRecognised: "Ce n’est pas le fichier attendu ici. Envoyez-le tel que votre appareil l’a créé.",
        damaged:
          "Le fichier est abîmé ou incomplet ; ce qui a pu être lu est enregistré. Exportez-le de nouveau et envoyez le nouveau fichier.",
        encrypted: "Le fichier est protégé par un mot de passe. Envoyez-en un sans mot de passe.",
        other: "Le fichier n’a pas pu être lu. Indiquez ce code à l’assistance de l’application.",
      },
    },
    goOn: (app) => `Continuer vers ${app ?? theApp}`,
  },
  connected: {
    title: "C’est connecté",
    lead: (provider, app) =>
      `Vos données ${provider} sont en route vers ${app ?? theApp}. Vous pouvez fermer cette fenêtre et retourner dans l’application.`,
    withheld: "Non partagé",
    withheldHint: "Pour partager aussi ceci, connectez-vous de nouveau depuis l’application.",
    further: (provider) =>
      `${provider} demande séparément une partie de vos données. Vous pouvez aussi les partager :`,
    shareToo: "Partager aussi ceci",
  },
  question: {
    title: "Utiliser un autre compte ?",
    lead: (provider) => `Un autre compte ${provider} est déjà connecté.`,
    since: (date) => `Il est connecté depuis le ${date}.`,
    only: "Une application ne peut en utiliser qu’un.",
    warning:
      "Si vous utilisez le nouveau compte, l’accès de l’application au compte actuel prend fin et les données qui en proviennent sont supprimées ici.",
    keep: "Garder le compte actuel",
    replace: "Utiliser le nouveau compte",
  },
  retry: "Réessayer",
  code: "Code d’erreur",
  errors: {
    linkInvalid: {
      title: "Ce lien ne fonctionne pas",
      text: () =>
        "Il est incomplet ou il a expiré. Retournez dans l’application d’où vous venez et recommencez.",
    },
    linkUsed: {
      title: "Ce lien a déjà servi",
      text: () =>
        "Si vous vous êtes connecté avec ce lien, fermez cette page et retournez dans l’application. Pour connecter autre chose, recommencez depuis l’application.",
    },
    loginExpired: {
      title: "Cette connexion a expiré",
      text: () =>
        "Elle a déjà servi ou n’a pas été terminée dans les 30 minutes. Recommencez avec le lien de l’application. Si la connexion est déjà faite, fermez cette page et retournez dans l’application.",
    },
    otherBrowser: {
      title: "Cette connexion a commencé dans un autre navigateur",
      text: () =>
        "Rien n’a été connecté. Ouvrez de nouveau le lien de l’application et terminez dans le même navigateur, avec les cookies autorisés. Si vous n’êtes pas à l’origine de cette demande, fermez cette page.",
    },
    otherAccount: {
      title: "C’était un autre compte",
      text: (provider) =>
        `Déconnectez-vous de ${provider} et donnez cette autorisation avec le compte connecté en premier.`,
    },
    kept: {
      title: "Rien n’a changé",
      text: () =>
        "Le compte connecté auparavant le reste. Pour utiliser tout de même l’autre, ouvrez de nouveau le lien de l’application.",
    },
    questionClosed: {
      title: "Cette question est close",
      text: () =>
        "Elle a déjà reçu une réponse, ou pas dans les 15 minutes. Si vous avez choisi un compte, fermez cette page et retournez dans l’application. Sinon, ouvrez de nouveau le lien de l’application.",
    },
    denied: {
      title: "Rien n’a été connecté",
      text: () =>
        "Vous n’avez pas donné l’accès : rien n’est partagé. Vous pouvez réessayer avec le même lien.",
    },
    exchangeFailed: {
      title: "La connexion n’a pas abouti",
      text: (provider) =>
        `${provider} ne l’a pas confirmée : rien n’a été connecté. Réessayez dans quelques minutes. Si cela ne suffit pas, communiquez le code ci-dessous à l’assistance de l’application.`,
    },
    termsMissing: {
      title: "Il manque une étape",
      text: (provider) =>
        `Connectez-vous à ${provider}, acceptez ses conditions, puis réessayez. Rien n’a été connecté jusqu’ici.`,
    },
    keyRefused: {
      title: "Cette clé ne fonctionne pas",
      text: (provider) =>
        `${provider} n’accepte pas cette clé. Vérifiez que vous l’avez copiée en entier, ou créez-en une nouvelle.`,
    },
    unreachable: {
      title: "Pas de réponse",
      text: (provider) =>
        `${provider} ne répond pas pour le moment. Rien n’a été connecté. Réessayez dans quelques minutes.`,
    },
    notOffered: {
      title: "Impossible de connecter ceci ici",
      text: () =>
        "L’application d’où vous venez ne le propose pas. Revenez en arrière et faites un autre choix.",
    },
    ended: {
      title: "Cette connexion a pris fin",
      text: () => "Pour vous connecter de nouveau, commencez dans l’application d’où vous venez.",
    },
    unknown: {
      title: "Un problème est survenu",
      text: () =>
        "Ce n’est pas de votre fait. Réessayez dans quelques minutes. Si cela ne suffit pas, communiquez le code ci-dessous à l’assistance de l’application.",
    },
  },
};
