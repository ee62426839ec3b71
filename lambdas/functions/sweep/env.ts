/** The sweep function's environment. */
export interface SweepEnv {
  readonly TABLE_NAME: string;
  readonly ROTATION_MACHINE_ARN: string;
  readonly STARTS_PER_SECOND: string;
}
