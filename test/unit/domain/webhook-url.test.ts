/** Addresses of webhooks, before any name in them is resolved. */
import { describe, expect, it } from 'vitest';
import { parseWebhookUrl } from '../../../lambdas/core/domain/webhook-url.ts';

const PUBLIC = { allowPrivateAddresses: false };
const ANY = { allowPrivateAddresses: true };

function refusalOf(text: unknown, rules = PUBLIC): { readonly message: string; readonly hint: string } {
  const parsed = parseWebhookUrl(text, rules);
  if (parsed.ok) throw new Error(`${String(text)} was taken as ${parsed.value}.`);
  expect(parsed.hint.length).toBeGreaterThan(10);
  return parsed;
}

describe('the address of a webhook', () => {
  it.each([
    ['https://hooks.example.com', 'https://hooks.example.com/'],
    ['https://HOOKS.Example.com/a?b=c#part', 'https://hooks.example.com/a?b=c'],
    ['https://hooks.example.com:443/', 'https://hooks.example.com/'],
    ['https://hooks.example.com:8443/x', 'https://hooks.example.com:8443/x'],
    [
      'https://abc.execute-api.eu-central-1.amazonaws.com/hooks',
      'https://abc.execute-api.eu-central-1.amazonaws.com/hooks',
    ],
    ['https://bücher.example/', 'https://xn--bcher-kva.example/'],
    ['https://93.184.216.34/', 'https://93.184.216.34/'],
    ['https://[2606:4700::6810:84e5]/', 'https://[2606:4700::6810:84e5]/'],
  ])('is taken: %s', (text, value) => {
    expect(parseWebhookUrl(text, PUBLIC)).toEqual({ ok: true, value });
  });

  it.each<[unknown, RegExp]>([
    ['http://hooks.example.com/', /of 'http:\/\/', not of HTTPS/],
    ['ftp://hooks.example.com/', /not of HTTPS/],
    ['file:///etc/passwd', /not of HTTPS/],
    ['hooks.example.com', /is no URL/],
    ['', /is no URL/],
    [undefined, /is no URL/],
    [{ href: 'https://hooks.example.com' }, /is no URL/],
    [`https://hooks.example.com/${'a'.repeat(2_000)}`, /has 2026 characters/],
    ['https://user@hooks.example.com/', /holds a user or a password/],
    ['https://:pw@hooks.example.com/', /holds a user or a password/],
    ['https://hooks.example.com@10.0.0.1/', /holds a user or a password/],
    ['https://hooks.example.com./', /ends with a dot/],
    ['https://localhost./', /ends with a dot/],
    ['https://hooks.example.com\\@10.0.0.1/', /backslashes/],
    ['https:\\\\10.0.0.1\\', /backslashes/],
    ['https://hooks.example.com/a b', /blanks/],
    ['https://hooks.exa\tmple.com/', /blanks/],
    ['https://localhost/', /internal network/],
    ['https://api.localhost/', /internal network/],
    ['https://intranet/', /internal network/],
    ['https://metadata.google.internal/', /internal network/],
    ['https://instance-data.ec2.internal/latest', /internal network/],
    ['https://printer.local/', /internal network/],
    ['https://nas.home.arpa/', /internal network/],
    ['https://under_score.example.com/', /is no host name/],
    ['https://-a.example.com/', /is no host name/],
    ['https://127.0.0.1/', /of this host itself/],
    ['https://10.0.0.1/', /of a private network/],
    ['https://169.254.169.254/latest/meta-data', /instance metadata/],
    ['https://[::1]/', /of this host itself/],
    ['https://[::ffff:127.0.0.1]/', /another spelling|IPv4 address written as IPv6/],
    ['https://[::ffff:7f00:1]/', /IPv4 address written as IPv6/],
    ['https://[64:ff9b::7f00:1]/', /NAT64/],
    ['https://[fd00:ec2::254]/', /link-local/],
    ['https://127.1/', /is the address 127\.0\.0\.1 in another spelling/],
    ['https://0x7f.0.0.1/', /is the address 127\.0\.0\.1 in another spelling/],
    ['https://0177.0.0.1/', /is the address 127\.0\.0\.1 in another spelling/],
    ['https://2130706433/', /is the address 127\.0\.0\.1 in another spelling/],
    ['https://0x7f000001/', /is the address 127\.0\.0\.1 in another spelling/],
    ['https://１２７.０.０.１/', /is the address 127\.0\.0\.1 in another spelling/],
    ['https://127。0。0。1/', /is the address 127\.0\.0\.1 in another spelling/],
    ['https://%31%32%37.0.0.1/', /is the address 127\.0\.0\.1 in another spelling/],
    ['https://134744072/', /is the address 8\.8\.8\.8 in another spelling/],
    ['https://[0:0:0:0:0:0:0:1]/', /is the address ::1 in another spelling/],
    ['https://127.0.0.1./', /another spelling/],
    ['https://hooks.example.com:22/', /port 22 .* is not allowed/],
    ['https://hooks.example.com:6379/', /port 6379/],
    ['https://hooks.example.com:80/', /port 80/],
  ])('is refused: %j', (text, message) => {
    expect(refusalOf(text).message).toMatch(message);
  });

  it('never repeats a password', () => {
    expect(JSON.stringify(refusalOf('https://user:hunter2@hooks.example.com/'))).not.toContain('hunter2');
  });

  it.each([
    'https://localhost:9443/x',
    'https://127.0.0.1:40001/',
    'https://hooks.corp/',
    'https://[::1]:8443/',
  ])('may be %s where a deployment allows private addresses', (text) => {
    expect(parseWebhookUrl(text, ANY)).toEqual({ ok: true, value: text });
    refusalOf(text);
  });

  it.each<[string, RegExp]>([
    ['https://169.254.169.254/', /instance metadata/],
    ['https://0x7f.1/', /another spelling/],
    ['http://127.0.0.1/', /not of HTTPS/],
    ['https://0.0.0.0/', /of no host/],
    ['https://a@localhost/', /user or a password/],
  ])('is refused even then: %s', (text, message) => {
    expect(refusalOf(text, ANY).message).toMatch(message);
  });
});
