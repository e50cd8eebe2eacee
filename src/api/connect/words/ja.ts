import type { Words } from "./en.ts";

const theApp = "アプリ";
const theAppYouCameFrom = "元のアプリ";

export const ja: Words = {
  choose: {
    title: "連携するものを選んでください",
    lead: (app) =>
      `${app ?? theAppYouCameFrom}が、健康とフィットネスのデータの受け取りを希望しています。データの取得元となるデバイスまたはサービスを選んでください。`,
    search: "名前で検索",
    find: "検索",
    none: "見つかりませんでした。別の名前をお試しください。",
    all: "すべて表示",
    empty: (app) => `連携できるものがまだありません。${app ?? theAppYouCameFrom}にお知らせください。`,
  },
  share: {
    title: (provider, app) => `${provider}のデータを${app ?? theApp}と共有`,
    what: "共有されるデータ",
    past: (provider, days) => `${provider}に保存されている過去${days}日間のデータも含まれます。`,
    choice: "次の項目は選択できます",
    receiverTitle: "データの受取先",
    receiver: (app, host) => `${app ?? theAppYouCameFrom}。データは${host}を経由して届けられます。`,
    endTitle: "共有をやめるには",
    endAtProvider: (provider, app) =>
      `いつでも、${app ?? theApp}または${provider}のアカウントからやめられます。`,
    endByKey: (provider, app) =>
      `いつでも、${app ?? theApp}から、または${provider}でキーを削除してやめられます。`,
    endInApp: (app) => `いつでも、${app ?? theApp}からやめられます。`,
    goOn: (provider) => `同意して${provider}に進む`,
    next: (provider) => `${provider}にログインし、そこで確認します。`,
    agree: "同意して連携する",
    cancel: "キャンセル",
    back: "すべてのデバイスとサービス",
  },
  types: {
    activity: { title: "ワークアウト", detail: "時間、距離、心拍数、ペース、ルートなど" },
    daily: { title: "日々の活動", detail: "歩数、カロリー、1日の心拍数など" },
    sleep: { title: "睡眠", detail: "就寝・起床時刻、睡眠段階、心拍数、呼吸など" },
    body: { title: "身体の測定値", detail: "体重、体温、血圧、血中酸素など" },
    nutrition: { title: "食事", detail: "食事、飲み物、栄養素など" },
    menstruation: { title: "月経周期", detail: "月経の日付、周期の段階など" },
    athlete: { title: "プロフィール", detail: "氏名、生年月日、性別、国など" },
  },
  key: {
    title: "キー",
    steps: (provider) => `${provider}で作成したキーを使って連携します。`,
    open: (provider) => `${provider}を開く`,
    newTab: "新しいタブで開きます",
    label: "キー",
    ends: "キーの有効期限日(ある場合)",
    missing: "先にキーを貼り付けてください。",
  },
  upload: {
    title: (provider) => `${provider}と連携しました`,
    lead: "データの送り方を選んでください。複数の方法を使えます。このページは開いたままにしてください。トークンはこのブラウザーで1時間だけ表示されます。",
    format: (format) => `「${format}」のアドレス`,
    address: "アドレス",
    header: "トークンを含むヘッダー",
    scan: "スマートフォン自体でボタンを使うか、スマートフォンでコードを読み取ってください。",
    code: (what) => `読み取るコード: ${what}`,
    waiting: "最初のデータを待っています…",
    arrived: "最初のデータが届きました。",
    zone: {
      title: "タイムゾーン",
      lead: "一部のデータにはタイムゾーンがありません。その日付はこのタイムゾーンで区切られます。",
      label: "使用するタイムゾーン",
      save: "タイムゾーンを保存",
      saved: (zone) => `保存しました: ${zone}`,
      unknown: "この名前のタイムゾーンはありません。最も近い大都市の名前を入力してください。",
    },
    file: {
      label: "ファイル",
      send: "ファイルをアップロード",
      sending: "アップロード中…",
      sent: "ファイルが届き、読み込み中です。",
      failed: "アップロードが中断されました。同じファイルをもう一度選ぶと、続きから再開します。",
      storing: "ファイルの読み込みが終わり、新しい日から順に保存しています。",
      done: "ファイル全体の読み込みと保存が終わりました。",
      problems: {
        missing: "空でないファイルを1つ選んでください。",
        tooLarge: "ファイルが大きすぎます。",
        unfinished: "完了していないアップロードが多すぎます。明日もう一度お試しください。",
        notRecognised:
          "ここで必要なファイルではありません。デバイスが作成したままのファイルを送ってください。",
        damaged:
          "ファイルが壊れているか、途中で終わっています。読み込めた分は保存しました。もう一度書き出して、新しいファイルを送ってください。",
        encrypted: "ファイルがパスワードで保護されています。パスワードのないファイルを送ってください。",
        other: "ファイルを読み込めませんでした。このコードをアプリのサポートにお知らせください。",
      },
    },
    goOn: (app) => `${app ?? theApp}に進む`,
  },
  connected: {
    title: "連携が完了しました",
    lead: (provider, app) =>
      `${provider}のデータを${app ?? theApp}に送信しています。このウィンドウを閉じて、アプリに戻ってください。`,
    withheld: "共有されないデータ",
    withheldHint: "これも共有するには、アプリからもう一度連携してください。",
    further: (provider) =>
      `${provider}では、一部のデータについて別途同意が必要です。次のデータも共有できます。`,
    shareToo: "これも共有する",
  },
  question: {
    title: "別のアカウントを使いますか?",
    lead: (provider) => `すでに別の${provider}アカウントと連携しています。`,
    since: (date) => `${date}から連携しています。`,
    only: "アプリで使えるアカウントは1つだけです。",
    warning:
      "新しいアカウントを使うと、アプリは現在のアカウントにアクセスできなくなり、そこから取得したデータはここから削除されます。",
    keep: "現在のアカウントを使い続ける",
    replace: "新しいアカウントを使う",
  },
  retry: "もう一度試す",
  code: "コード",
  errors: {
    linkInvalid: {
      title: "このリンクは使えません",
      text: () => "リンクが不完全か、期限が切れています。元のアプリに戻って、もう一度やり直してください。",
    },
    linkUsed: {
      title: "このリンクはすでに使われています",
      text: () =>
        "ご自身で連携した場合は、このページを閉じてアプリに戻ってください。ほかのものを連携するには、アプリからもう一度始めてください。",
    },
    loginExpired: {
      title: "このログインは期限切れです",
      text: () =>
        "すでに使われたか、30分以内に完了しませんでした。アプリのリンクからもう一度始めてください。すでに連携が済んでいる場合は、このページを閉じてアプリに戻ってください。",
    },
    otherBrowser: {
      title: "このログインは別のブラウザーで始められました",
      text: () =>
        "何も連携されていません。アプリのリンクをもう一度開き、Cookieを許可した同じブラウザーで最後まで進めてください。心当たりがない場合は、このページを閉じてください。",
    },
    otherAccount: {
      title: "別のアカウントでした",
      text: (provider) => `${provider}からログアウトし、最初に連携したアカウントで許可してください。`,
    },
    kept: {
      title: "変更はありません",
      text: () =>
        "これまでのアカウントとの連携を続けます。別のアカウントを使う場合は、アプリのリンクをもう一度開いてください。",
    },
    questionClosed: {
      title: "この質問は終了しました",
      text: () =>
        "すでに回答済みか、15分が過ぎています。アカウントを選んだ場合は、このページを閉じてアプリに戻ってください。そうでない場合は、アプリのリンクをもう一度開いてください。",
    },
    denied: {
      title: "連携されませんでした",
      text: () => "アクセスが許可されなかったため、何も共有されません。同じリンクでもう一度試せます。",
    },
    exchangeFailed: {
      title: "連携を完了できませんでした",
      text: (provider) =>
        `${provider}の確認が得られなかったため、何も連携されていません。数分後にもう一度お試しください。解決しない場合は、下のコードをアプリのサポートにお伝えください。`,
    },
    termsMissing: {
      title: "手続きがまだ残っています",
      text: (provider) =>
        `${provider}にログインして規約に同意してから、もう一度お試しください。まだ何も連携されていません。`,
    },
    keyRefused: {
      title: "このキーは使えません",
      text: (provider) =>
        `${provider}でこのキーが受け付けられませんでした。すべてコピーされているか確認するか、新しいキーを作成してください。`,
    },
    unreachable: {
      title: "応答がありません",
      text: (provider) =>
        `現在、${provider}から応答がありません。何も連携されていません。数分後にもう一度お試しください。`,
    },
    notOffered: {
      title: "ここでは連携できません",
      text: () => "元のアプリでは提供されていません。戻ってほかのものを選んでください。",
    },
    ended: {
      title: "この連携は終了しています",
      text: () => "もう一度連携するには、元のアプリから始めてください。",
    },
    unknown: {
      title: "問題が発生しました",
      text: () =>
        "お客様の操作が原因ではありません。数分後にもう一度お試しください。解決しない場合は、下のコードをアプリのサポートにお伝えください。",
    },
  },
};
