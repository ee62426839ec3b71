import { describe, expect, it } from 'vitest';
import { LocalError } from '../../../local/local-error.ts';
import { findPython, type ProbePython } from '../../../local/python.ts';

const having =
  (versions: Record<string, string>): ProbePython =>
  async (name) => {
    const version = versions[name];
    return version ? { path: `/usr/bin/${name}`, version } : undefined;
  };

describe('findPython', () => {
  it('takes the first that is new enough', async () => {
    const probe = having({ python3: '3.9.2', 'python3.12': '3.12.4', 'python3.11': '3.11.9' });
    await expect(findPython({}, probe)).resolves.toEqual({ path: '/usr/bin/python3.12', version: '3.12.4' });
  });

  it.each([
    ['3.10.0', true],
    ['3.9.18', false],
    ['2.7.18', false],
    ['4.0.0', true],
  ])('judges %s', async (version, usable) => {
    const found = findPython({}, having({ python3: version }));
    await (usable
      ? expect(found).resolves.toMatchObject({ version })
      : expect(found).rejects.toThrow(LocalError));
  });

  it('says what it found and how to mend it', async () => {
    await expect(findPython({}, having({ python3: '3.9.2' }))).rejects.toThrow(
      /needs Python 3\.10 or later.*\/usr\/bin\/python3 \(3\.9\.2\)[\s\S]*apt install python3/,
    );
    await expect(findPython({}, having({}))).rejects.toThrow(/: none\./);
  });

  it('asks only the one that KEYTURN_PYTHON names', async () => {
    const probe = having({ python3: '3.12.4' });
    await expect(findPython({ KEYTURN_PYTHON: '/opt/py' }, probe)).rejects.toThrow(
      /KEYTURN_PYTHON=\/opt\/py: none/,
    );
  });
});
