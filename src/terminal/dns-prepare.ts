import { SWITCH_PREFIX, type SwitchPlace, switchAddress } from '#adapters/dns-switch';
import type { SwitchStanding } from '#adapters/route53';
import { salvageConfig } from '#config';
import { DrError, systemRandom } from '#core';
import { loadPlan, servingRegions } from '#plan';
import { createClosers } from '../main/closers.ts';
import { openAws } from '../main/open-aws.ts';
import { switchPlaces } from '../main/switch-places.ts';
import type { ExitCode } from './exit-code.ts';
import type { OwnContext } from './own-command.ts';
import { createScreen } from './screen.ts';

const STATES: Readonly<Record<SwitchStanding['state'], string>> = {
  ready: 'heeds its switch.',
  'without-switch': 'does not heed its switch.',
  'without-check': 'has no health check: drivers are sent there whatever happens.',
  'other-address': 'looks for its switch at another address.',
};

/**
 * `dr dns prepare [--make]`: per region whether its record heeds the switch of plan.yaml. With `--make` it creates what is
 * missing in Route 53; buckets it only says how to make. Exit code 0 only when nothing is missing.
 */
export async function runDnsPrepare(words: readonly string[], { options, out }: OwnContext): Promise<ExitCode> {
  const unknown = words.find((word) => word !== '--make');
  if (unknown !== undefined) {
    throw new DrError('ARGUMENTS_INVALID', 'user', `dr dns prepare knows no ${unknown}. Nothing was changed.`, {
      hint: 'dr dns prepare [--make]',
    });
  }
  const { config } = salvageConfig();
  const { plan } = await loadPlan(config.planPath);
  const closers = createClosers();
  const screen = createScreen({ json: options.json, timeZone: 'UTC', name: String, out });
  try {
    const { dns } = openAws(plan, config, undefined, closers);
    const places = switchPlaces(plan, config);
    const wanted = places.map((place) => ({ region: place.from, address: switchAddress(place) }));
    const look = () => dns.switches(wanted);
    const before = await look();
    const make = words.includes('--make');
    if (make) {
      for (const { region, state } of before) {
        const each = wanted.find((one) => one.region === region);
        if (each && state !== 'ready') {
          await dns.heed(each, () => `holdfast-${systemRandom(16).toString('hex')}`);
        }
      }
    }
    const after = make ? await look() : before;
    const without = servingRegions(plan).filter((region) => !after.some((each) => each.region === region));
    const missing = after.filter(({ state }) => state !== 'ready').length + without.length;
    screen.say(
      [
        ...after.map(({ region, state }, index) => {
          const made = state === 'ready' && before[index]?.state !== 'ready' ? ' Made now.' : '';
          return `${region}  ${plan.service.dns.name} ${STATES[state]}${made}`;
        }),
        ...without.map((region) => `${region}  no switch in plan.yaml, or no record in Route 53.`),
        ...bucketLines(places),
        missing === 0 ? 'Nothing is missing in Route 53.' : whatNext(make),
      ],
      { state: missing === 0 ? 'done' : 'missing', exitCode: missing === 0 ? 0 : 1 },
    );
    return missing === 0 ? 0 : 1;
  } finally {
    await closers.close();
  }
}

const whatNext = (made: boolean): string =>
  made
    ? 'Something is still missing. Nothing else was changed.'
    : 'Nothing was changed. Create it in Route 53: dr dns prepare --make';

/** Health checkers come without credentials: the objects are for everybody to read, and nothing else lies beside them. */
function bucketLines(places: readonly SwitchPlace[]): string[] {
  return places.flatMap(({ from, region, bucket }) => {
    const policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: '*',
          Action: 's3:GetObject',
          Resource: `arn:aws:s3:::${bucket}/${SWITCH_PREFIX}*`,
        },
      ],
    });
    const where = region === 'us-east-1' ? '' : ` --create-bucket-configuration LocationConstraint=${region}`;
    return [
      `${from}  bucket ${bucket} in ${region}, if it is not there yet:`,
      `  aws s3api create-bucket --bucket ${bucket} --region ${region}${where}`,
      `  aws s3api put-public-access-block --bucket ${bucket} --public-access-block-configuration BlockPublicPolicy=false,RestrictPublicBuckets=false,BlockPublicAcls=true,IgnorePublicAcls=true`,
      `  aws s3api put-bucket-policy --bucket ${bucket} --policy '${policy}'`,
    ];
  });
}
