/** What goes wrong with a vault, each in a sentence with the mend. No token, no key and no answer's text in any. */
import { KeyturnError } from '../../core/domain/errors.ts';

export abstract class VaultFault extends KeyturnError {}

/** No answer came: refused, reset, timed out, or a certificate that is not trusted. */
export class VaultUnreachable extends VaultFault {
  override readonly name = 'VaultUnreachable';
}

/** It answers, and can neither read nor write until it is unsealed. */
export class VaultSealed extends VaultFault {
  override readonly name = 'VaultSealed';
}

/** It did not take the credentials, or they are not what the configured method needs. */
export class VaultLoginRefused extends VaultFault {
  override readonly name = 'VaultLoginRefused';
}

/** It took the credentials and does not let them do this. */
export class VaultDenied extends VaultFault {
  override readonly name = 'VaultDenied';
}

/** Any other answer that is no success. */
export class VaultRefused extends VaultFault {
  override readonly name = 'VaultRefused';
}

/** Something that is not of this key lies where it is to go. */
export class VaultPathTaken extends VaultFault {
  override readonly name = 'VaultPathTaken';
}

export const sealedSentence = (address: string): string =>
  `The vault at ${address} is sealed. Unseal it with \`bao operator unseal\` (or \`vault\`).`;

export const sealedVault = (address: string): VaultSealed => new VaultSealed(sealedSentence(address));
