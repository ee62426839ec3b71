/** Who may read a key's secret: roles and users by their ARNs. */
import { type Checked, refused } from './checked.ts';

const READER = /^arn:aws(?:-[a-z]+)*:iam::(\d{12}):(?:role|user)\/[\w+=,.@/-]{1,512}$/;
export const MOST_READERS = 20;

/** @param account the deployment's own; absent: any */
export function parseReaderArn(text: string, account?: string): Checked<string> {
  const found = READER.exec(text);
  if (!found) {
    return refused(
      `Reader '${text.slice(0, 100)}' is no ARN of a role or a user.`,
      'Write it whole, such as arn:aws:iam::111122223333:role/search-agent. Of an assumed role give the role itself.',
    );
  }
  if (account === undefined || found[1] === account) return { ok: true, value: text };
  return refused(
    `Reader '${text}' is in account ${found[1]}, and the secret would be in ${account}.`,
    "Its KMS key serves its own account alone: let a role of that account read it, which the other account's client assumes.",
  );
}
