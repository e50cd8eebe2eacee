/** Reads a picture that is to be the logo, or says in plain words why it cannot be. */

const types: readonly string[] = ["image/png", "image/jpeg", "image/webp"];
export const logoTypes = types.join(",");

/** The server's limit. */
const mostBytes = 24 * 1024;

class LogoRefused extends Error {}

/** Returns the picture as a data URL. @throws LogoRefused */
export async function readLogo(file: File): Promise<string> {
  if (!types.includes(file.type)) {
    throw new LogoRefused(
      `“${file.name}” is no PNG, JPEG or WebP picture. SVG is not taken, since it may contain scripts.`,
    );
  }
  if (file.size > mostBytes) {
    throw new LogoRefused(
      `“${file.name}” has ${Math.ceil(file.size / 1024)} kB; 24 kB is the most. A picture of 144 pixels in height is large enough.`,
    );
  }
  const url = await dataUrlOf(file);
  // A file may have the name of a picture and be something else.
  if (!(await isPicture(url))) throw new LogoRefused(`“${file.name}” cannot be read as a picture.`);
  return url;
}

const dataUrlOf = (file: File): Promise<string> =>
  new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => resolve(String(reader.result)));
    reader.addEventListener("error", () => reject(new LogoRefused(`“${file.name}” cannot be read.`)));
    reader.readAsDataURL(file);
  });

const isPicture = (url: string): Promise<boolean> =>
  new Promise((resolve) => {
    const image = new Image();
    image.addEventListener("load", () => resolve(true));
    image.addEventListener("error", () => resolve(false));
    image.src = url;
  });
