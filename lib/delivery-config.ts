/** How the API is set up that brings new keys to their owners: the settings and their defaults. */
import { checkedFlag } from './flag.ts';
import { InvalidConfiguration, refuseUnknownSettings } from './invalid-configuration.ts';

export interface DeliveryApiConfig {
  /**
   * Where clients reach it: an address of yours that leads to its stage, with nothing behind it. Proofs and links are
   * made for this address alone. Default: API Gateway's own address.
   */
  readonly url?: string;
  /** Requests a second that are taken from all clients together, 1 to 1000. Default: 20. */
  readonly requestsPerSecond?: number;
  /**
   * Whether the stack sets the Region's CloudWatch role of API Gateway, which is one for the whole account: without one
   * there are no access logs, and no deployment. `false` where the account has one. Default: `true`.
   */
  readonly cloudWatchRole?: boolean;
}

export interface DeliveryApiSettings extends Required<Omit<DeliveryApiConfig, 'url'>> {
  readonly url: string | undefined;
}

const KNOWN = ['url', 'requestsPerSecond', 'cloudWatchRole'];
const MOST_REQUESTS_PER_SECOND = 1_000;

export function resolveDeliveryApi(config: DeliveryApiConfig): DeliveryApiSettings {
  const { requestsPerSecond = 20, cloudWatchRole = true, url } = config;
  refuseUnknownSettings('deliveryApi', config, KNOWN);
  if (!Number.isInteger(requestsPerSecond) || !isWithin(requestsPerSecond)) {
    throw new InvalidConfiguration(
      `deliveryApi.requestsPerSecond '${requestsPerSecond}' is out of range.`,
      `Give a whole number from 1 to ${MOST_REQUESTS_PER_SECOND}.`,
    );
  }
  return {
    requestsPerSecond,
    cloudWatchRole: checkedFlag('deliveryApi.cloudWatchRole', cloudWatchRole),
    url: url === undefined ? undefined : checkedUrl(url),
  };
}

const isWithin = (rate: number): boolean => rate >= 1 && rate <= MOST_REQUESTS_PER_SECOND;

/** Written as it is compared: a slash or a capital letter more would be another address. */
function checkedUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const plain = url && `${url.origin}${url.pathname}`.replace(/\/$/, '') === text;
  if (plain && url.protocol === 'https:') return text;
  throw new InvalidConfiguration(
    `deliveryApi.url '${text}' is no address to put a path behind.`,
    'Write https://, a name and at most a path, without a slash at the end.',
  );
}
