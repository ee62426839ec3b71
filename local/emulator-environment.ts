/** The environment that the emulator, and so every Lambda function on it, is started with. */
import { dirname, join } from 'node:path';
import type { EmulatorPython } from './emulator-packages.ts';

/** Switches of the emulator that its user may set. */
const PASSED_ON = ['SFN_WAIT_SCALE', 'CLOUDTRAIL_RECORDING', 'LOG_LEVEL'];

/** Small on purpose: every Lambda function inherits it, and must not find the developer's AWS profile or tokens in it. */
export function emulatorEnvironment(
  files: string,
  python: EmulatorPython,
  port: number,
  instance: string,
): NodeJS.ProcessEnv {
  return {
    PATH: [dirname(process.execPath), process.env.PATH].join(':'),
    LANG: 'C.UTF-8',
    HOME: join(files, 'home'),
    TMPDIR: join(files, 'tmp'),
    ...(python.modulePath && { PYTHONPATH: python.modulePath }),
    ...Object.fromEntries(
      PASSED_ON.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])),
    ),
    GATEWAY_PORT: String(port),
    BIND_HOST: '127.0.0.1',
    MINISTACK_HOST: '127.0.0.1',
    MINISTACK_EDITION: instance,
    STATE_DIR: join(files, 'state'),
    S3_DATA_DIR: join(files, 'state', 's3'),
    IOT_MTLS_ENABLED: '0',
    SFTP_ENABLED: '0',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
  };
}
