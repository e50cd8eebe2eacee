import type { Words } from "./en.ts";

const theApp = "la aplicación";

export const es: Words = {
  choose: {
    title: "Elige qué quieres conectar",
    lead: (app) =>
      `${app ?? "La aplicación de la que vienes"} quiere recibir tus datos de salud y actividad física. Elige el dispositivo o servicio del que proceden.`,
    search: "Buscar por nombre",
    find: "Buscar",
    none: "No se ha encontrado nada. Prueba con otro nombre.",
    all: "Mostrar todo",
    empty: (app) =>
      `Todavía no hay nada que conectar. Avisa a ${app ?? "la aplicación de la que vienes"}, por favor.`,
  },
  share: {
    title: (provider, app) => `Compartir tus datos de ${provider} con ${app ?? theApp}`,
    what: "Qué se compartirá",
    past: (provider, days) => `Incluye lo que ${provider} conserva de los últimos ${days} días.`,
    choice: "Esto lo decides tú",
    receiverTitle: "Quién los recibe",
    receiver: (app, host) =>
      `${app ?? "La aplicación de la que vienes"}. Tus datos le llegan a través de ${host}.`,
    endTitle: "Cómo dejar de compartir",
    endAtProvider: (provider, app) =>
      `En cualquier momento, en ${app ?? theApp} o en tu cuenta de ${provider}.`,
    endByKey: (provider, app) =>
      `En cualquier momento, en ${app ?? theApp} o eliminando la clave en ${provider}.`,
    endInApp: (app) => `En cualquier momento, en ${app ?? theApp}.`,
    goOn: (provider) => `Aceptar y continuar a ${provider}`,
    next: (provider) => `Iniciarás sesión en ${provider} y lo confirmarás allí.`,
    agree: "Aceptar y conectar",
    cancel: "Cancelar",
    back: "Todos los dispositivos y servicios",
  },
  types: {
    activity: {
      title: "Entrenamientos",
      detail: "Por ejemplo, duración, distancia, frecuencia cardíaca, ritmo y ruta",
    },
    daily: {
      title: "Actividad diaria",
      detail: "Por ejemplo, pasos, calorías y frecuencia cardíaca a lo largo del día",
    },
    sleep: {
      title: "Sueño",
      detail: "Por ejemplo, horarios, fases del sueño, frecuencia cardíaca y respiración",
    },
    body: {
      title: "Medidas corporales",
      detail: "Por ejemplo, peso, temperatura, presión arterial y oxígeno en sangre",
    },
    nutrition: { title: "Alimentación", detail: "Por ejemplo, comidas, bebidas y nutrientes" },
    menstruation: {
      title: "Ciclo menstrual",
      detail: "Por ejemplo, fechas de la regla y fases del ciclo",
    },
    athlete: { title: "Perfil", detail: "Por ejemplo, nombre, fecha de nacimiento, sexo y país" },
  },
  key: {
    title: "Tu clave",
    steps: (provider) => `${provider} se conecta con una clave que creas allí:`,
    open: (provider) => `Abrir ${provider}`,
    newTab: "se abre en una pestaña nueva",
    label: "Clave",
    ends: "Último día de la clave, si lo tiene",
    missing: "Pega primero la clave.",
  },
  upload: {
    title: (provider) => `${provider} está conectado`,
    lead: "Elige cómo deben llegar tus datos; puedes usar varias formas. Deja esta página abierta: muestra el token solo en este navegador y solo durante una hora.",
    format: (format) => `Dirección para «${format}»`,
    address: "Dirección",
    header: "Cabecera con el token",
    scan: "Usa el botón en el propio teléfono, o escanea el código con él.",
    code: (what) => `Código para escanear: ${what}`,
    waiting: "Esperando los primeros datos …",
    arrived: "Han llegado los primeros datos.",
    zone: {
      title: "Tu zona horaria",
      lead: "Algunos de tus datos llegan sin zona horaria. Sus días se separan según esta.",
      label: "Zona horaria",
      save: "Guardar la zona horaria",
      saved: (zone) => `Guardada: ${zone}`,
      unknown: "No hay ninguna zona horaria con este nombre. Prueba con la ciudad grande más cercana.",
    },
    file: {
      label: "Archivo",
      send: "Subir el archivo",
      sending: "Subiendo …",
      sent: "El archivo ha llegado y se está leyendo.",
      failed: "La subida se interrumpió. Elige otra vez el mismo archivo y seguirá donde se quedó.",
      storing: "El archivo está leído. Sus días se están guardando, los más recientes primero.",
      done: "Todo el archivo está leído y guardado.",
      problems: {
        missing: "Elige un archivo que no esté vacío.",
        tooLarge: "El archivo es demasiado grande.",
        unfinished: "Se empezaron demasiadas subidas sin terminarlas. Inténtalo de nuevo mañana.",
        notRecognised: "Este no es el archivo que se espera aquí. Envíalo tal como lo creó tu dispositivo.",
        damaged:
          "El archivo está dañado o incompleto; lo que se pudo leer está guardado. Expórtalo otra vez y envía el archivo nuevo.",
        encrypted: "El archivo está protegido con una contraseña. Envía uno sin contraseña.",
        other: "No se pudo leer el archivo. Indica este código al soporte de la aplicación.",
      },
    },
    goOn: (app) => `Continuar a ${app ?? theApp}`,
  },
  connected: {
    title: "Ya está conectado",
    lead: (provider, app) =>
      `Tus datos de ${provider} van de camino a ${app ?? theApp}. Puedes cerrar esta ventana y volver a la aplicación.`,
    withheld: "No se comparte",
    withheldHint: "Para compartirlo también, vuelve a conectarte desde la aplicación.",
    further: (provider) =>
      `${provider} pide por separado una parte de tus datos. También puedes compartirlos:`,
    shareToo: "Compartir esto también",
  },
  question: {
    title: "¿Usar otra cuenta?",
    lead: (provider) => `Ya hay otra cuenta de ${provider} conectada.`,
    since: (date) => `Está conectada desde el ${date}.`,
    only: "Una aplicación solo puede usar una.",
    warning:
      "Si usas la cuenta nueva, la aplicación deja de tener acceso a la actual y los datos que proceden de ella se borran aquí.",
    keep: "Mantener la cuenta actual",
    replace: "Usar la cuenta nueva",
  },
  retry: "Intentarlo de nuevo",
  code: "Código",
  errors: {
    linkInvalid: {
      title: "Este enlace no funciona",
      text: () =>
        "Está incompleto o ha caducado. Vuelve a la aplicación de la que vienes y empieza allí de nuevo.",
    },
    linkUsed: {
      title: "Este enlace ya se ha usado",
      text: () =>
        "Si te conectaste con él, cierra esta página y vuelve a la aplicación. Para conectar otra cosa, empieza de nuevo en la aplicación.",
    },
    loginExpired: {
      title: "Este inicio de sesión ha caducado",
      text: () =>
        "Ya se usó o no se terminó en 30 minutos. Empieza de nuevo con el enlace de la aplicación. Si ya te has conectado, cierra esta página y vuelve a la aplicación.",
    },
    otherBrowser: {
      title: "Este inicio de sesión empezó en otro navegador",
      text: () =>
        "No se ha conectado nada. Abre de nuevo el enlace de la aplicación y termina en el mismo navegador, con las cookies permitidas. Si no lo empezaste tú, cierra esta página.",
    },
    otherAccount: {
      title: "Esa era otra cuenta",
      text: (provider) =>
        `Cierra la sesión en ${provider} y da este permiso con la cuenta que conectaste primero.`,
    },
    kept: {
      title: "No ha cambiado nada",
      text: () =>
        "La cuenta que estaba conectada sigue conectada. Para usar la otra de todos modos, abre de nuevo el enlace de la aplicación.",
    },
    questionClosed: {
      title: "Esta pregunta ya está cerrada",
      text: () =>
        "Ya se respondió, o no se hizo en 15 minutos. Si elegiste una cuenta, cierra esta página y vuelve a la aplicación. Si no, abre de nuevo el enlace de la aplicación.",
    },
    denied: {
      title: "No se ha conectado nada",
      text: () =>
        "No diste acceso, así que no se comparte nada. Puedes intentarlo de nuevo con el mismo enlace.",
    },
    exchangeFailed: {
      title: "No se pudo completar la conexión",
      text: (provider) =>
        `${provider} no la confirmó, así que no se ha conectado nada. Inténtalo de nuevo en unos minutos. Si no funciona, indica el código de abajo al soporte de la aplicación.`,
    },
    termsMissing: {
      title: "Falta un paso",
      text: (provider) =>
        `Inicia sesión en ${provider}, acepta sus condiciones e inténtalo de nuevo. Por ahora no se ha conectado nada.`,
    },
    keyRefused: {
      title: "Esta clave no funciona",
      text: (provider) =>
        `${provider} no acepta esta clave. Comprueba que la has copiado entera o crea una nueva.`,
    },
    unreachable: {
      title: "Sin respuesta",
      text: (provider) =>
        `${provider} no responde en este momento. No se ha conectado nada. Inténtalo de nuevo en unos minutos.`,
    },
    notOffered: {
      title: "Esto no se puede conectar aquí",
      text: () => "La aplicación de la que vienes no lo ofrece. Vuelve atrás y elige otra cosa.",
    },
    ended: {
      title: "Esta conexión ha terminado",
      text: () => "Para conectarte de nuevo, empieza en la aplicación de la que vienes.",
    },
    unknown: {
      title: "Algo ha salido mal",
      text: () =>
        "No es culpa tuya. Inténtalo de nuevo en unos minutos. Si no funciona, indica el código de abajo al soporte de la aplicación.",
    },
  },
};
