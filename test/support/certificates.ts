/** A certificate authority and certificates of it (RFC 5280), made for one run of tests. */
import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';
import ipaddr from 'ipaddr.js';
import { DAY_MS } from '../../rules/time-units.ts';
import * as der from './der.ts';

export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

export interface Authority extends Certificate {
  /**
   * @param names such as `DNS:hooks.example.com` or `IP:127.0.0.1`
   * @param days from now until it ends; less than nothing: it has ended
   */
  issue(names: readonly string[], days?: number): Certificate;
}

interface Issued {
  readonly subject: string;
  readonly publicKey: KeyObject;
  readonly days: number;
  readonly extensions: readonly Uint8Array[];
}

interface Issuer {
  readonly name: string;
  readonly privateKey: KeyObject;
}

const LASTS_DAYS = 2;
const ECDSA_SHA256 = der.sequence(der.objectId('1.2.840.10045.4.3.2'));

export function newAuthority(): Authority {
  const { publicKey, privateKey } = newKeys();
  // With a name of its own, no certificate of another authority seems to be of this one.
  const issuer: Issuer = { name: `Keyturn authority ${randomBytes(4).toString('hex')}`, privateKey };
  const own: Issued = { subject: issuer.name, publicKey, days: LASTS_DAYS, extensions: [mayIssue(true)] };
  return {
    cert: certificate(own, issuer),
    key: pem(privateKey),
    issue(names, days = LASTS_DAYS) {
      const keys = newKeys();
      const extensions = [mayIssue(false), alternativeNames(names)];
      const issued: Issued = { subject: 'Keyturn server', publicKey: keys.publicKey, days, extensions };
      return { cert: certificate(issued, issuer), key: pem(keys.privateKey) };
    },
  };
}

const newKeys = () => generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const pem = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();

function certificate({ subject, publicKey, days, extensions }: Issued, { name, privateKey }: Issuer): string {
  const endsAtMs = Date.now() + days * DAY_MS;
  const content = der.sequence(
    der.taggedWhole(0, der.integer(2)),
    der.integer(1, ...randomBytes(8)),
    ECDSA_SHA256,
    nameOf(name),
    der.sequence(der.time(Math.min(Date.now(), endsAtMs) - DAY_MS), der.time(endsAtMs)),
    nameOf(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    der.taggedWhole(3, der.sequence(...extensions)),
  );
  const signed = der.sequence(content, ECDSA_SHA256, der.bits(sign('sha256', content, privateKey)));
  const lines = Buffer.from(signed)
    .toString('base64')
    .replace(/.{64}(?=.)/g, '$&\n');
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}

const nameOf = (common: string): Uint8Array =>
  der.sequence(der.set(der.sequence(der.objectId('2.5.4.3'), der.text(common))));

const mayIssue = (authority: boolean): Uint8Array => {
  const constraints = der.sequence(...(authority ? [der.truth()] : []));
  return der.sequence(der.objectId('2.5.29.19'), der.truth(), der.octets(constraints));
};

const alternativeNames = (names: readonly string[]): Uint8Array =>
  der.sequence(der.objectId('2.5.29.17'), der.octets(der.sequence(...names.map(alternativeName))));

function alternativeName(name: string): Uint8Array {
  const [, kind, value = ''] = /^(DNS|IP):(.+)$/.exec(name) ?? [];
  if (kind === 'DNS') return der.tagged(2, Buffer.from(value));
  if (kind === 'IP') return der.tagged(7, Uint8Array.from(ipaddr.parse(value).toByteArray()));
  throw new Error(`A name begins with DNS: or IP:, and '${name}' does not.`);
}
