/** The environment of the function behind emergencies of many keys. */
export interface BulkEmergencyEnv {
  readonly TABLE_NAME: string;
  readonly ROTATION_MACHINE_ARN: string;
  /** Keys whose rotations one execution of the map looks after. */
  readonly BATCH_KEYS: string;
}
