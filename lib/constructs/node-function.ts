/** A Lambda function of this repository: bundled at synth, own role, own log group, logs as JSON. */
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AssetHashType, DockerImage, type Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { Effect, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  Code,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { buildSync } from 'esbuild';
import { bundleOptions } from '../bundle-options.ts';

export interface NodeFunctionProps<Environment> {
  /** Path of the handler's source from the repository's root. */
  readonly entry: string;
  readonly description: string;
  /** What the handler's own `env.ts` says it needs: a variable that is missing does not compile. */
  readonly environment: { readonly [Name in keyof Environment]: string };
  readonly memoryMegabytes: number;
  readonly timeout: Duration;
  readonly logRetention: RetentionDays;
}

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

export class NodeFunction<Environment> extends Construct {
  readonly function: LambdaFunction;
  readonly role: Role;

  constructor(scope: Construct, id: string, props: NodeFunctionProps<Environment>) {
    super(scope, id);
    const logGroup = new LogGroup(this, 'Logs', {
      retention: props.logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    logGroup.grantWrite(this.role);
    this.function = new LambdaFunction(this, 'Function', {
      description: props.description,
      code: bundled(props.entry),
      handler: 'index.handler',
      // The newest runtime that AWS calls current; the bundles' syntax also runs on the previous one.
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: props.memoryMegabytes,
      timeout: props.timeout,
      role: this.role,
      environment: { ...props.environment },
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      systemLogLevelV2: SystemLogLevel.WARN,
      tracing: Tracing.DISABLED,
    });
  }

  allow(statement: {
    readonly actions: string[];
    readonly resources: string[];
    readonly conditions?: Record<string, unknown>;
    /** Keeps it a statement of its own: lists that are told when the template is written cannot be joined with others. */
    readonly sid?: string;
  }): void {
    this.role.addToPrincipalPolicy(new PolicyStatement({ effect: Effect.ALLOW, ...statement }));
  }

  /** States why cdk-nag's finding on this function's role is meant. */
  acknowledge(id: string, reason: string): void {
    Validations.of(this.role).acknowledge({ id, reason });
  }
}

function bundled(entry: string): Code {
  const options = bundleOptions(`${ROOT}${entry}`);
  // Assets of one source directory and the same options are taken for one: each function has its own directory.
  return Code.fromAsset(dirname(`${ROOT}${entry}`), {
    // Of the bundle, not of the sources: a change of a comment or of a test deploys nothing.
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      image: DockerImage.fromRegistry('none'),
      local: {
        tryBundle: (outputDirectory) => {
          buildSync({ ...options, outfile: `${outputDirectory}/index.mjs` });
          return true;
        },
      },
    },
  });
}
