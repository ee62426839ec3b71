/** Checks rotation policies and fills in what they leave out; says the first thing that is wrong. */
import { MOST_ADDRESSES, parseAddressBlock } from './address-block.ts';
import { type Checked, type Refusal, refused } from './checked.ts';
import { parseDurationSeconds } from './duration.ts';
import { BUILT_IN_POLICIES, POLICY_DEFAULTS, type Policy, type PolicyConfig } from './policy.ts';
import { SEAL_LIFETIME_DAYS, SEAL_LIFETIME_SECONDS } from './seal-lifetime.ts';
import { DAY_SECONDS, HOUR_SECONDS } from './time-units.ts';
import { ENVIRONMENTS } from './words.ts';

type Full = Required<PolicyConfig>;
type Windows = Record<'rotateEvery' | 'gracePeriod' | 'emergencyGracePeriod' | 'extension', number>;

const LONGEST_WINDOW_SECONDS = 90 * DAY_SECONDS;
const MOST_REMINDERS = 5;
const SHORTEST_LINK_SECONDS = HOUR_SECONDS;
const NAME = /^[a-z][a-z0-9-]{0,31}$/;

/** All policies of a deployment: the built-in ones, changed or joined by the configured ones. */
export function resolvePolicies(
  configured: Readonly<Record<string, PolicyConfig>>,
): Checked<ReadonlyMap<string, Policy>> {
  const all = new Map<string, Policy>();
  const names = new Set([...Object.keys(BUILT_IN_POLICIES), ...Object.keys(configured)]);
  for (const name of names) {
    const policy = resolvePolicy(name, { ...BUILT_IN_POLICIES[name], ...configured[name] });
    if (!policy.ok) return policy;
    all.set(name, policy.value);
  }
  return { ok: true, value: all };
}

export function resolvePolicy(name: string, config: PolicyConfig): Checked<Policy> {
  const unknown = refuseNames(name, config);
  if (unknown) return unknown;
  const full = { ...POLICY_DEFAULTS, ...config };
  const windows = windowsOf(name, full);
  if (!windows.ok) return windows;
  const reminders = remindersOf(name, full);
  if (!reminders.ok) return reminders;
  const early = earlyRetirementOf(name, full, windows.value);
  if (!early.ok) return early;
  const link = claimLinkOf(name, full);
  if (!link.ok) return link;
  const wrong = refuseNumbers(name, full) ?? refuseWords(name, full) ?? refuseAddresses(name, full);
  if (wrong) return wrong;
  return {
    ok: true,
    value: {
      name,
      rotateEverySeconds: windows.value.rotateEvery,
      graceSeconds: windows.value.gracePeriod,
      emergencyGraceSeconds: windows.value.emergencyGracePeriod,
      // 96.2 / 100 is a little more than 0.962: a share of exactly 96.2 % would not have reached it.
      migrationThreshold: Number((full.migrationThresholdPercent / 100).toPrecision(12)),
      extensionSeconds: windows.value.extension,
      maxExtensions: full.maxExtensions,
      afterMaxExtensions: full.afterMaxExtensions,
      reminderSeconds: reminders.value,
      ...(early.value === undefined ? {} : { earlyRetirementSeconds: early.value }),
      claimLinkSeconds: link.value,
      rollback: full.rollback,
      environments: full.environments,
      allowedAddresses: full.allowedAddresses,
    },
  };
}

function refuseNames(name: string, config: PolicyConfig): Refusal | undefined {
  if (!NAME.test(name)) {
    return refused(
      `Policy name '${name}' is not valid.`,
      'Use up to 32 lower-case letters, digits and hyphens, starting with a letter.',
    );
  }
  const unknown = Object.keys(config).find((field) => !Object.hasOwn(POLICY_DEFAULTS, field));
  if (unknown === undefined) return undefined;
  return refused(
    `Policy '${name}' has the field '${unknown}', which is not known.`,
    `Known fields: ${Object.keys(POLICY_DEFAULTS).join(', ')}.`,
  );
}

function windowsOf(name: string, full: Full): Checked<Windows> {
  const seconds: Partial<Windows> = {};
  for (const field of ['rotateEvery', 'gracePeriod', 'emergencyGracePeriod', 'extension'] as const) {
    const parsed = durationOf(name, field, full[field]);
    if (!parsed.ok) return parsed;
    if (field !== 'rotateEvery' && parsed.value > LONGEST_WINDOW_SECONDS) {
      return refused(
        `Policy '${name}': ${field} '${full[field]}' is too long.`,
        'Give up to P90D: an execution of the workflow lives for a year at most.',
      );
    }
    seconds[field] = parsed.value;
  }
  const windows = seconds as Windows;
  if (windows.gracePeriod < windows.rotateEvery) return { ok: true, value: windows };
  return refused(
    `Policy '${name}': gracePeriod '${full.gracePeriod}' is not shorter than rotateEvery '${full.rotateEvery}'.`,
    'A rotation must be over before the next is due: shorten the grace period or rotate less often.',
  );
}

function durationOf(name: string, field: string, text: string): Checked<number> {
  const parsed = parseDurationSeconds(String(text), `Policy '${name}': ${field}`);
  if (!parsed.ok || parsed.value > 0) return parsed;
  return refused(`Policy '${name}': ${field} '${text}' is zero.`, 'Give at least PT1S.');
}

/** The longest before the end first, each once. */
function remindersOf(name: string, { reminders }: Full): Checked<readonly number[]> {
  if (!Array.isArray(reminders) || reminders.length > MOST_REMINDERS) {
    return refused(
      `Policy '${name}': reminders ${JSON.stringify(reminders)} is no list of up to ${MOST_REMINDERS} durations.`,
      "Give durations before the announced end, such as ['PT48H', 'PT24H'], or [] for none.",
    );
  }
  const seconds = new Set<number>();
  for (const reminder of reminders as readonly string[]) {
    const parsed = durationOf(name, 'reminders', reminder);
    if (!parsed.ok) return parsed;
    seconds.add(parsed.value);
  }
  return { ok: true, value: [...seconds].sort((one, other) => other - one) };
}

function earlyRetirementOf(
  name: string,
  { earlyRetirement, gracePeriod }: Full,
  windows: Windows,
): Checked<number | undefined> {
  if (earlyRetirement === 'never') return { ok: true, value: undefined };
  const parsed = durationOf(name, 'earlyRetirement', earlyRetirement);
  if (!parsed.ok) {
    return refused(
      parsed.message,
      "Give how long the old version must lie unused, such as PT12H, or 'never'.",
    );
  }
  if (parsed.value < windows.gracePeriod) return parsed;
  return refused(
    `Policy '${name}': earlyRetirement '${earlyRetirement}' is not shorter than gracePeriod '${gracePeriod}'.`,
    "It would never be early: shorten it, or leave it out for 'never'.",
  );
}

/** Longer than the key behind it waits, a link would lead to nothing. */
function claimLinkOf(name: string, { claimLinkLifetime }: Full): Checked<number> {
  const parsed = durationOf(name, 'claimLinkLifetime', claimLinkLifetime);
  if (!parsed.ok) return parsed;
  if (parsed.value >= SHORTEST_LINK_SECONDS && parsed.value <= SEAL_LIFETIME_SECONDS) return parsed;
  return refused(
    `Policy '${name}': claimLinkLifetime '${claimLinkLifetime}' is out of range.`,
    `Give PT1H to P${SEAL_LIFETIME_DAYS}D: time to read the mail, and no longer than the key waits behind the link.`,
  );
}

function refuseNumbers(name: string, full: Full): Refusal | undefined {
  const percent = full.migrationThresholdPercent;
  if (!Number.isFinite(percent) || percent <= 0 || percent > 100) {
    return refused(
      `Policy '${name}': migrationThresholdPercent '${percent}' is out of range.`,
      'Give a percentage above 0 and up to 100, such as 95.',
    );
  }
  if (!Number.isInteger(full.maxExtensions) || full.maxExtensions < 0 || full.maxExtensions > 365) {
    return refused(
      `Policy '${name}': maxExtensions '${full.maxExtensions}' is out of range.`,
      'Give a whole number from 0 to 365.',
    );
  }
  return undefined;
}

function refuseWords(name: string, full: Full): Refusal | undefined {
  if (full.afterMaxExtensions !== 'hold' && full.afterMaxExtensions !== 'retire') {
    return refused(
      `Policy '${name}': afterMaxExtensions '${String(full.afterMaxExtensions)}' is not known.`,
      "Choose 'hold' (keep the old version and judge it again) or 'retire'.",
    );
  }
  if (typeof full.rollback !== 'boolean') {
    return refused(
      `Policy '${name}': rollback '${String(full.rollback)}' is neither true nor false.`,
      'Give true, or false to forbid taking back a rotation whose new version is accepted.',
    );
  }
  const known: readonly unknown[] = ENVIRONMENTS;
  const { environments } = full;
  if (
    Array.isArray(environments) &&
    environments.length > 0 &&
    environments.every((each) => known.includes(each))
  )
    return undefined;
  return refused(
    `Policy '${name}': environments ${JSON.stringify(environments)} is empty or has an unknown name.`,
    `Choose from ${ENVIRONMENTS.join(', ')}.`,
  );
}

function refuseAddresses(name: string, { allowedAddresses }: Full): Refusal | undefined {
  if (allowedAddresses === 'any' || allowedAddresses === 'required') return undefined;
  const count = Array.isArray(allowedAddresses) ? allowedAddresses.length : 0;
  if (count === 0 || count > MOST_ADDRESSES) {
    return refused(
      `Policy '${name}': allowedAddresses ${JSON.stringify(allowedAddresses).slice(0, 60)} is no list of 1 to ${MOST_ADDRESSES} addresses.`,
      "Give CIDR blocks such as ['203.0.113.0/24'], 'required' or 'any'.",
    );
  }
  for (const block of allowedAddresses) {
    const parsed = parseAddressBlock(String(block));
    if (!parsed.ok) return refused(`Policy '${name}': ${parsed.message}`, parsed.hint);
  }
  return undefined;
}
