import { accessSync, constants, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { type Browser, chromium as playwright } from 'playwright-core';

/** Names a browser goes by on PATH, the most likely first. */
const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome'] as const;
const FIXED = [
  '/usr/bin/chromium',
  '/opt/google/chrome/chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
] as const;

/** Nothing a page of ours needs may leave the machine, and nothing else should. */
const QUIET = [
  '--no-sandbox',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

/** Enough for the carried build. Its own list of flags also turns web security off, which would hide mistakes. */
const CARRIED = ['--disable-gpu', '--font-render-hinting=none'];

/**
 * A headless Chromium: the one named by `CHROMIUM`, else an installed one, else the one inside
 * @sparticuz/chromium. Close it after use.
 * @throws Error when none starts, saying how to name one.
 */
export async function launchChromium(env: NodeJS.ProcessEnv = process.env): Promise<Browser> {
  const installed = env['CHROMIUM'] ?? findInstalled(env);
  if (installed !== undefined) return playwright.launch({ executablePath: installed, args: QUIET });
  const { default: carried } = await import('@sparticuz/chromium');
  try {
    const executablePath = await carried.executablePath();
    const fonts = { FONTCONFIG_FILE: fontList(join(dirname(executablePath), 'fonts')) };
    return await playwright.launch({ executablePath, args: [...QUIET, ...CARRIED], env: { ...env, ...fonts } });
  } catch (cause) {
    throw new Error('No Chromium starts here. Install one (Debian: apt install chromium) or set CHROMIUM.', { cause });
  }
}

function findInstalled(env: NodeJS.ProcessEnv): string | undefined {
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const candidates = [...folders.flatMap((folder) => NAMES.map((name) => join(folder, name))), ...FIXED];
  return candidates.find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** The carried build unpacks a font beside itself; a bare machine has none, and text would be boxes. */
function fontList(folder: string): string {
  const path = join(tmpdir(), 'holdfast-fonts.conf');
  const text = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <match target="pattern">
    <test name="family"><string>sans</string></test>
    <edit name="family" mode="prepend" binding="strong"><string>Open Sans</string></edit>
  </match>
  <match target="pattern">
    <test name="family"><string>system-ui</string></test>
    <edit name="family" mode="prepend" binding="strong"><string>Open Sans</string></edit>
  </match>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>${folder}</dir>
  <cachedir>${join(tmpdir(), 'holdfast-fonts')}</cachedir>
</fontconfig>
`;
  writeFileSync(path, text);
  return path;
}
