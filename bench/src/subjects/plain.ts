/** The plain authorizer at its cheapest: its pepper lies in the environment, where nobody should keep one. */
import { plainAuthorizer } from './plain-authorizer.ts';

export const handler = plainAuthorizer(process.env['BENCH_PEPPER'] ?? '');
