/** What an issue request must say: checked field by field. */
import { MOST_ADDRESSES, parseAddressBlock } from '../../../rules/address-block.ts';
import { type Checked, refused } from '../../../rules/checked.ts';
import { parseFreeText } from '../../../rules/free-text.ts';
import { parseMailAddress } from '../../../rules/mail-address.ts';
import type { Policy } from '../../../rules/policy.ts';
import { parseScope } from '../../../rules/scopes.ts';
import { DELIVERIES, type Delivery, ENVIRONMENTS, type Environment } from '../../../rules/words.ts';
import { limitToPolicy } from '../domain/policy-limits.ts';
import { parseDestination, type StatedDestination } from './issue-destination.ts';

export interface IssueOrder {
  readonly owner: string;
  readonly name: string;
  readonly environment: Environment;
  readonly scopes: readonly string[];
  readonly policy: string;
  readonly delivery: Delivery;
  readonly purpose?: string;
  readonly allowedAddresses: readonly string[];
  /** As far as the request states it. */
  readonly destination?: StatedDestination;
}

const LONGEST_NAME = 100;
const MOST_SCOPES = 50;
const LONGEST_SHOWN = 60;

/**
 * Checks an issue request, field by field; says the first thing that is wrong.
 *
 * @param account the deployment's own, in which secrets are
 */
export function parseIssueOrder(
  input: Readonly<Record<string, unknown>>,
  policies: ReadonlyMap<string, Policy>,
  account?: string,
): Checked<IssueOrder> {
  const { owner, name, environment, scopes, purpose } = input;
  const checkedOwner = parseMailAddress(owner, 'owner');
  if (!checkedOwner.ok) return checkedOwner;
  const checkedName = parseFreeText(name, 'name', LONGEST_NAME);
  if (!checkedName.ok) return checkedName;
  if (!(ENVIRONMENTS as readonly unknown[]).includes(environment)) {
    return refused(
      `environment '${String(environment)}' is not known.`,
      `Choose ${ENVIRONMENTS.join(' or ')}.`,
    );
  }
  const checkedScopes = checkScopes(scopes);
  if (!checkedScopes.ok) return checkedScopes;
  const policy = input['policy'] ?? 'standard';
  if (typeof policy !== 'string' || !policies.has(policy)) {
    return refused(
      `policy '${String(policy)}' is not deployed.`,
      `Choose one of ${[...policies.keys()].join(', ')}.`,
    );
  }
  const delivery = input['delivery'] ?? 'operator';
  if (!(DELIVERIES as readonly unknown[]).includes(delivery)) {
    return refused(
      `delivery '${String(delivery)}' is not available.`,
      `Choose one of ${DELIVERIES.join(', ')}.`,
    );
  }
  const destination = parseDestination(delivery as Delivery, input, account);
  if (!destination.ok) return destination;
  const checkedPurpose = purpose === undefined ? undefined : parseFreeText(purpose, 'purpose', LONGEST_NAME);
  if (checkedPurpose?.ok === false) return checkedPurpose;
  const addresses = checkAddresses(input['allowedAddresses'] ?? []);
  if (!addresses.ok) return addresses;
  const limited = limitToPolicy(policies.get(policy) as Policy, environment as Environment, addresses.value);
  if (!limited.ok) return limited;
  return {
    ok: true,
    value: {
      owner: checkedOwner.value,
      name: checkedName.value,
      environment: environment as Environment,
      scopes: checkedScopes.value,
      policy,
      delivery: delivery as Delivery,
      ...(checkedPurpose ? { purpose: checkedPurpose.value } : {}),
      allowedAddresses: limited.value,
      ...(destination.value ? { destination: destination.value } : {}),
    },
  };
}

function checkScopes(scopes: unknown): Checked<readonly string[]> {
  if (!Array.isArray(scopes) || scopes.length === 0) {
    return refused(
      `scopes ${shown(scopes)} is not a list of 1 to ${MOST_SCOPES} scopes.`,
      'Give at least one, such as tools:* for every tool of an MCP server.',
    );
  }
  if (scopes.length > MOST_SCOPES) {
    return refused(
      `scopes has ${scopes.length} scopes, more than ${MOST_SCOPES}.`,
      'Give fewer, such as <area>:* for every action of an area.',
    );
  }
  for (const scope of scopes) {
    if (typeof scope !== 'string')
      return refused(`The scope ${shown(scope)} is not text.`, 'Give each scope as <area>:<action>.');
    const parsed = parseScope(scope);
    if (!parsed.ok) return parsed;
  }
  return { ok: true, value: [...new Set(scopes as string[])] };
}

function checkAddresses(addresses: unknown): Checked<readonly string[]> {
  const mend = `Give up to ${MOST_ADDRESSES} CIDR blocks such as 203.0.113.0/24.`;
  if (!Array.isArray(addresses)) {
    return refused(`allowedAddresses ${shown(addresses)} is not a list of addresses.`, mend);
  }
  if (addresses.length > MOST_ADDRESSES) {
    return refused(`allowedAddresses has ${addresses.length} addresses, more than ${MOST_ADDRESSES}.`, mend);
  }
  for (const block of addresses) {
    // Of anything but text the text may look right: what the authorizer would read is the thing itself.
    const parsed = parseAddressBlock(typeof block === 'string' ? block : JSON.stringify(block));
    if (!parsed.ok) return parsed;
  }
  return { ok: true, value: addresses as string[] };
}

const shown = (value: unknown): string => String(JSON.stringify(value) ?? '(absent)').slice(0, LONGEST_SHOWN);
