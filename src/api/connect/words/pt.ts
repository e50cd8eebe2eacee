import type { Words } from "./en.ts";

const inApp = (app: string | null): string => (app === null ? "no aplicativo" : `em ${app}`);
const toApp = (app: string | null): string => (app === null ? "o aplicativo" : app);

export const pt: Words = {
  choose: {
    title: "Escolha o que conectar",
    lead: (app) =>
      `${app ?? "O aplicativo de onde você veio"} gostaria de receber seus dados de saúde e atividade física. Escolha o dispositivo ou serviço de onde eles vêm.`,
    search: "Buscar por nome",
    find: "Buscar",
    none: "Nada encontrado. Tente outro nome.",
    all: "Mostrar tudo",
    empty: (app) =>
      `Ainda não há nada para conectar. Por favor, avise ${app ?? "o aplicativo de onde você veio"}.`,
  },
  share: {
    title: (provider, app) => `Compartilhar seus dados de ${provider} com ${toApp(app)}`,
    what: "O que será compartilhado",
    past: (provider, days) => `Inclui o que ${provider} guardou dos últimos ${days} dias.`,
    choice: "Isto é você quem decide",
    receiverTitle: "Quem recebe",
    receiver: (app, host) =>
      `${app ?? "O aplicativo de onde você veio"}. Seus dados chegam até lá por ${host}.`,
    endTitle: "Como parar",
    endAtProvider: (provider, app) => `A qualquer momento, ${inApp(app)} ou na sua conta de ${provider}.`,
    endByKey: (provider, app) => `A qualquer momento, ${inApp(app)} ou apagando a chave em ${provider}.`,
    endInApp: (app) => `A qualquer momento, ${inApp(app)}.`,
    goOn: (provider) => `Aceitar e continuar para ${provider}`,
    next: (provider) => `Você entrará na sua conta de ${provider} e confirmará lá.`,
    agree: "Aceitar e conectar",
    cancel: "Cancelar",
    back: "Todos os dispositivos e serviços",
  },
  types: {
    activity: {
      title: "Treinos",
      detail: "Por exemplo, duração, distância, frequência cardíaca, ritmo e percurso",
    },
    daily: {
      title: "Atividade diária",
      detail: "Por exemplo, passos, calorias e frequência cardíaca ao longo do dia",
    },
    sleep: {
      title: "Sono",
      detail: "Por exemplo, horários, fases do sono, frequência cardíaca e respiração",
    },
    body: {
      title: "Medidas corporais",
      detail: "Por exemplo, peso, temperatura, pressão arterial e oxigênio no sangue",
    },
    nutrition: { title: "Alimentação", detail: "Por exemplo, refeições, bebidas e nutrientes" },
    menstruation: {
      title: "Ciclo menstrual",
      detail: "Por exemplo, datas da menstruação e fases do ciclo",
    },
    athlete: { title: "Perfil", detail: "Por exemplo, nome, data de nascimento, sexo e país" },
  },
  key: {
    title: "Sua chave",
    steps: (provider) => `${provider} se conecta com uma chave que você cria lá:`,
    open: (provider) => `Abrir ${provider}`,
    newTab: "abre em uma nova aba",
    label: "Chave",
    ends: "Último dia da chave, se houver",
    missing: "Cole a chave primeiro.",
  },
  upload: {
    title: (provider) => `${provider} está conectado`,
    lead: "Escolha como seus dados devem chegar; você pode usar várias formas. Mantenha esta página aberta: ela mostra o token só neste navegador e só por uma hora.",
    format: (format) => `Endereço para “${format}”`,
    address: "Endereço",
    header: "Cabeçalho com o token",
    scan: "Use o botão no próprio celular ou escaneie o código com ele.",
    code: (what) => `Código para escanear: ${what}`,
    waiting: "Aguardando os primeiros dados …",
    arrived: "Os primeiros dados chegaram.",
    zone: {
      title: "Seu fuso horário",
      lead: "Alguns dos seus dados chegam sem fuso horário. Os dias deles são separados de acordo com este.",
      label: "Fuso horário",
      save: "Salvar o fuso horário",
      saved: (zone) => `Salvo: ${zone}`,
      unknown: "Não há fuso horário com esse nome. Tente a cidade grande mais próxima.",
    },
    file: {
      label: "Arquivo",
      send: "Enviar o arquivo",
      sending: "Enviando …",
      sent: "O arquivo chegou e está sendo lido.",
      failed: "O envio foi interrompido. Escolha o mesmo arquivo de novo e ele continua de onde parou.",
      storing: "O arquivo foi lido. Os dias estão sendo salvos, os mais recentes primeiro.",
      done: "Todo o arquivo foi lido e salvo.",
      problems: {
        missing: "Escolha um arquivo que não esteja vazio.",
        tooLarge: "O arquivo é grande demais.",
        unfinished: "Foram iniciados envios demais sem serem concluídos. Tente de novo amanhã.",
        notRecognised: "Este não é o arquivo esperado aqui. Envie-o exatamente como seu dispositivo o criou.",
        damaged:
          "O arquivo está danificado ou incompleto; o que foi possível ler está salvo. Exporte de novo e envie o novo arquivo.",
        encrypted: "O arquivo está protegido por senha. Envie um sem senha.",
        other: "Não foi possível ler o arquivo. Informe este código ao suporte do aplicativo.",
      },
    },
    goOn: (app) => `Continuar para ${toApp(app)}`,
  },
  connected: {
    title: "Conexão feita",
    lead: (provider, app) =>
      `Seus dados de ${provider} estão a caminho ${app === null ? "do aplicativo" : `de ${app}`}. Você pode fechar esta janela e voltar ao aplicativo.`,
    withheld: "Não compartilhado",
    withheldHint: "Para compartilhar isto também, conecte-se de novo a partir do aplicativo.",
    further: (provider) =>
      `${provider} pede separadamente uma parte dos seus dados. Você também pode compartilhá-los:`,
    shareToo: "Compartilhar isto também",
  },
  question: {
    title: "Usar outra conta?",
    lead: (provider) => `Outra conta de ${provider} já está conectada.`,
    since: (date) => `Ela está conectada desde ${date}.`,
    only: "Um aplicativo só pode usar uma.",
    warning:
      "Se você usar a conta nova, o acesso do aplicativo à conta atual termina e os dados que vieram dela são apagados aqui.",
    keep: "Manter a conta atual",
    replace: "Usar a conta nova",
  },
  retry: "Tentar de novo",
  code: "Código",
  errors: {
    linkInvalid: {
      title: "Este link não funciona",
      text: () => "Ele está incompleto ou expirou. Volte ao aplicativo de onde você veio e comece de novo.",
    },
    linkUsed: {
      title: "Este link já foi usado",
      text: () =>
        "Se foi você quem se conectou, feche esta página e volte ao aplicativo. Para conectar outra coisa, comece de novo no aplicativo.",
    },
    loginExpired: {
      title: "Este acesso expirou",
      text: () =>
        "Ele já foi usado ou não foi concluído em 30 minutos. Comece de novo pelo link do aplicativo. Se já está tudo conectado, feche esta página e volte ao aplicativo.",
    },
    otherBrowser: {
      title: "Este acesso começou em outro navegador",
      text: () =>
        "Nada foi conectado. Abra de novo o link do aplicativo e termine no mesmo navegador, com cookies permitidos. Se não foi você quem começou, feche esta página.",
    },
    otherAccount: {
      title: "Essa era outra conta",
      text: (provider) => `Saia de ${provider} e dê esta permissão com a conta que você conectou primeiro.`,
    },
    kept: {
      title: "Nada mudou",
      text: () =>
        "A conta que já estava conectada continua conectada. Para usar a outra mesmo assim, abra de novo o link do aplicativo.",
    },
    questionClosed: {
      title: "Esta pergunta foi encerrada",
      text: () =>
        "Ela já foi respondida, ou não em 15 minutos. Se você escolheu uma conta, feche esta página e volte ao aplicativo. Se não, abra de novo o link do aplicativo.",
    },
    denied: {
      title: "Nada foi conectado",
      text: () => "Você não deu acesso, então nada é compartilhado. Pode tentar de novo com o mesmo link.",
    },
    exchangeFailed: {
      title: "Não foi possível concluir a conexão",
      text: (provider) =>
        `${provider} não a confirmou, então nada foi conectado. Tente de novo em alguns minutos. Se não funcionar, informe o código abaixo ao suporte do aplicativo.`,
    },
    termsMissing: {
      title: "Falta um passo",
      text: (provider) =>
        `Entre na sua conta de ${provider}, aceite os termos e tente de novo. Por enquanto nada foi conectado.`,
    },
    keyRefused: {
      title: "Esta chave não funciona",
      text: (provider) =>
        `${provider} não aceita esta chave. Confira se ela foi copiada por inteiro ou crie uma nova.`,
    },
    unreachable: {
      title: "Sem resposta",
      text: (provider) =>
        `${provider} não responde no momento. Nada foi conectado. Tente de novo em alguns minutos.`,
    },
    notOffered: {
      title: "Isto não pode ser conectado aqui",
      text: () => "O aplicativo de onde você veio não oferece esta opção. Volte e escolha outra.",
    },
    ended: {
      title: "Esta conexão terminou",
      text: () => "Para se conectar de novo, comece no aplicativo de onde você veio.",
    },
    unknown: {
      title: "Algo deu errado",
      text: () =>
        "A culpa não é sua. Tente de novo em alguns minutos. Se não funcionar, informe o código abaixo ao suporte do aplicativo.",
    },
  },
};
