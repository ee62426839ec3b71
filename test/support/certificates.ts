/** A certificate authority and certificates of it, made for one run of tests by the system's OpenSSL. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

export interface Authority extends Certificate {
  /** @param names such as `DNS:hooks.example.com` or `IP:127.0.0.1` */
  issue(names: readonly string[], days?: number): Certificate;
}

const COMMON = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

/** The directory is removed when the process ends. */
export function newAuthority(): Authority {
  const directory = mkdtempSync(join(tmpdir(), 'keyturn-authority-'));
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  const make = (name: string, more: readonly string[], days = 2): Certificate => {
    const [cert, key] = [join(directory, `${name}.pem`), join(directory, `${name}.key`)];
    const files = ['-keyout', key, '-out', cert, '-days', String(days), '-subj', `/CN=keyturn ${name}`];
    execFileSync('openssl', [...COMMON, ...files, ...more], { stdio: 'pipe' });
    return { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') };
  };
  const authority = make('authority', []);
  let issued = 0;
  return {
    ...authority,
    issue(names, days) {
      issued += 1;
      const [ca, caKey] = [join(directory, 'authority.pem'), join(directory, 'authority.key')];
      const signed = ['-CA', ca, '-CAkey', caKey, '-addext', 'basicConstraints=critical,CA:FALSE'];
      return make(`server${issued}`, [...signed, '-addext', `subjectAltName=${names.join(',')}`], days);
    },
  };
}
