/**
 * Every word of the connect pages, in English. Its shape is that of all languages: a text that one of them lacks does
 * not compile. `app` is the developer's name; null where they gave none.
 */
const theApp = "the app";
const theAppYouCameFrom = "the app you came from";

export const en = {
  choose: {
    title: "Choose what to connect",
    lead: (app: string | null) =>
      `${app ?? "The app you came from"} would like to receive your health and fitness data. Choose the device or service it comes from.`,
    search: "Search by name",
    find: "Search",
    none: "Nothing found. Try another name.",
    all: "Show all",
    empty: (app: string | null) =>
      `There is nothing to connect yet. Please tell ${app ?? theAppYouCameFrom}.`,
  },
  share: {
    title: (provider: string, app: string | null) => `Share your ${provider} data with ${app ?? theApp}`,
    what: "What will be shared",
    past: (provider: string, days: number) =>
      `This includes what ${provider} has kept of the past ${days} days.`,
    choice: "You decide about this",
    receiverTitle: "Who receives it",
    receiver: (app: string | null, host: string) =>
      `${app ?? "The app you came from"}. Your data reaches it through ${host}.`,
    endTitle: "How to stop",
    endAtProvider: (provider: string, app: string | null) =>
      `At any time, in ${app ?? theApp} or in your ${provider} account.`,
    endByKey: (provider: string, app: string | null) =>
      `At any time, in ${app ?? theApp} or by deleting the key at ${provider}.`,
    endInApp: (app: string | null) => `At any time, in ${app ?? theApp}.`,
    goOn: (provider: string) => `Agree and continue to ${provider}`,
    next: (provider: string) => `You will log in at ${provider} and confirm there.`,
    agree: "Agree and connect",
    cancel: "Cancel",
    back: "All devices and services",
  },
  types: {
    activity: { title: "Workouts", detail: "Such as duration, distance, heart rate, pace and route" },
    daily: { title: "Daily activity", detail: "Such as steps, calories and heart rate through the day" },
    sleep: { title: "Sleep", detail: "Such as times, sleep stages, heart rate and breathing" },
    body: {
      title: "Body measurements",
      detail: "Such as weight, temperature, blood pressure and blood oxygen",
    },
    nutrition: { title: "Nutrition", detail: "Such as meals, drinks and nutrients" },
    menstruation: { title: "Menstrual cycle", detail: "Such as dates of periods and phases of the cycle" },
    athlete: { title: "Profile", detail: "Such as name, date of birth, sex and country" },
  },
  key: {
    title: "Your key",
    steps: (provider: string) => `${provider} connects with a key that you make there:`,
    open: (provider: string) => `Open ${provider}`,
    newTab: "opens in a new tab",
    label: "Key",
    ends: "Last day of the key, if it has one",
    missing: "Paste the key first.",
  },
  upload: {
    title: (provider: string) => `${provider} is connected`,
    lead: "Choose how your data is to come; you can use several ways. Keep this page open: it shows the token only in this browser, and only for an hour.",
    format: (format: string) => `Address for “${format}”`,
    address: "Address",
    header: "Header with the token",
    scan: "Use the button on the phone itself, or scan the code with it.",
    code: (what: string) => `Code to scan: ${what}`,
    waiting: "Waiting for the first data …",
    arrived: "The first data has come.",
    zone: {
      title: "Your time zone",
      lead: "Some of your data comes without a time zone. Its days are cut in this one.",
      label: "Time zone",
      save: "Save time zone",
      saved: (zone: string) => `Saved: ${zone}`,
      unknown: "There is no time zone of this name. Try the nearest large city.",
    },
    file: {
      label: "File",
      send: "Upload the file",
      sending: "Uploading …",
      sent: "The file has arrived and is being read.",
      failed: "The upload was interrupted. Choose the same file again, and it goes on where it stopped.",
      storing: "The file has been read. Its days are being stored, the newest first.",
      done: "The whole file has been read and stored.",
      problems: {
        missing: "Choose one file that is not empty.",
        tooLarge: "The file is too large.",
        unfinished: "Too many uploads were begun and not finished. Try again tomorrow.",
        notRecognised: "This is not the file that is meant here. Send it just as your device made it.",
        damaged:
          "The file is damaged or not complete; what could be read was stored. Export it again and send the new file.",
        encrypted: "The file is protected by a password. Send one without a password.",
        other: "The file could not be read. Please tell the app’s support this code.",
      },
    },
    goOn: (app: string | null) => `Continue to ${app ?? theApp}`,
  },
  connected: {
    title: "You are connected",
    lead: (provider: string, app: string | null) =>
      `Your ${provider} data is on its way to ${app ?? theApp}. You can close this window and go back to the app.`,
    withheld: "Not shared",
    withheldHint: "To share this too, connect again from the app.",
    further: (provider: string) => `${provider} asks separately for some of your data. You may share it too:`,
    shareToo: "Share this as well",
  },
  question: {
    title: "Use another account?",
    lead: (provider: string) => `You are connected with another ${provider} account.`,
    since: (date: string) => `It has been connected since ${date}.`,
    only: "An app can use only one.",
    warning:
      "If you use the new account, the app’s access to the present one ends, and the data that came from it is deleted here.",
    keep: "Keep the present account",
    replace: "Use the new account instead",
  },
  retry: "Try again",
  code: "Code",
  errors: {
    linkInvalid: {
      title: "This link does not work",
      text: () =>
        "It is not complete, or it has expired. Go back to the app you came from and start again there.",
    },
    linkUsed: {
      title: "This link was already used",
      text: () =>
        "If you connected with it, close this page and go back to the app. To connect something else, start again in the app.",
    },
    loginExpired: {
      title: "This login has expired",
      text: () =>
        "It was used already, or not finished within 30 minutes. Start again from the link in the app. If you are connected already, close this page and go back to the app.",
    },
    otherBrowser: {
      title: "This login began in another browser",
      text: () =>
        "Nothing was connected. Open the link from the app again and finish in the same browser, with cookies allowed. If you did not start this, close this page.",
    },
    otherAccount: {
      title: "That was another account",
      text: (provider: string) =>
        `Log out at ${provider}, and give this permission with the account that you connected first.`,
    },
    kept: {
      title: "Nothing was changed",
      text: () =>
        "The account that was connected before stays connected. To use the other one after all, open the link from the app again.",
    },
    questionClosed: {
      title: "This question is closed",
      text: () =>
        "It was answered already, or not within 15 minutes. If you chose an account, close this page and go back to the app. Otherwise open the link from the app again.",
    },
    denied: {
      title: "Nothing was connected",
      text: () => "You did not give access, so nothing is shared. You can try again with the same link.",
    },
    exchangeFailed: {
      title: "The connection could not be completed",
      text: (provider: string) =>
        `${provider} did not confirm it, so nothing was connected. Try again in a few minutes. If that does not help, tell the app’s support the code below.`,
    },
    termsMissing: {
      title: "One step is missing",
      text: (provider: string) =>
        `Log in at ${provider} and accept its terms, then try again. Nothing was connected so far.`,
    },
    keyRefused: {
      title: "This key does not work",
      text: (provider: string) =>
        `${provider} does not accept this key. Check that you copied all of it, or make a new one.`,
    },
    unreachable: {
      title: "No answer",
      text: (provider: string) =>
        `${provider} does not answer at the moment. Nothing was connected. Try again in a few minutes.`,
    },
    notOffered: {
      title: "This cannot be connected here",
      text: () => "It is not offered by the app you came from. Go back and choose something else.",
    },
    ended: {
      title: "This connection has ended",
      text: () => "To connect again, start in the app you came from.",
    },
    unknown: {
      title: "Something went wrong",
      text: () =>
        "This is not your fault. Try again in a few minutes. If that does not help, tell the app’s support the code below.",
    },
  },
};

export type Words = typeof en;
export type PageError = keyof Words["errors"];
