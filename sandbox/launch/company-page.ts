import { commands } from '#commands';
import { type Company, companyBreakers, companyPhones, companyWorld } from '#sandbox/company';
import { type CommandHint, type SandboxPage, startSandboxPage } from '#sandbox/page';
import { openTourBook } from './tour-book.ts';

export interface CompanyPageOptions {
  readonly company: Company;
  /** 0 takes a free port. */
  readonly port: number;
  /** Where the tour's progress is kept. */
  readonly folder: string;
}

/** The page on a running company: its Slack, its servers, its breakers. Stop it before the company. */
export async function startCompanyPage({ company, port, folder }: CompanyPageOptions): Promise<SandboxPage> {
  const world = companyWorld(company);
  const breakers = companyBreakers(company);
  const tour = openTourBook(folder, company.slack);
  const stopWatching = async (): Promise<void> => {
    breakers.stop();
    await world.stop();
  };
  try {
    const page = await startSandboxPage({
      slack: company.slack,
      port,
      commands: commandHints,
      readWorld: () => world.readWorld(),
      breakers: breakers.list,
      runBreaker: async (id) => {
        const said = await breakers.run(id);
        tour.broke(id);
        return said;
      },
      tour: () => tour.done(),
      phones: companyPhones(company),
      startAs: 'U0JOHNSMITH',
    });
    return {
      url: page.url,
      stop: async () => {
        await page.stop();
        await stopWatching();
      },
    };
  } catch (error) {
    await stopWatching();
    throw error;
  }
}

/** From the list of commands itself. What goes into the composer is the first example without its flags. */
const commandHints = (): CommandHint[] =>
  commands.map(({ name, usage, summary, examples }) => ({
    command: examples[0]?.replace(/ --.*$/, '') ?? `/dr ${name}`,
    usage: `/dr ${name} ${usage}`.trimEnd(),
    summary,
  }));
