/** What a backend behind Keyturn needs: who calls, the warning for old keys, and tool scopes judged from the body. */
export {
  type AuthorizedEvent,
  type KeyContext,
  KeyContextError,
  type KeyContextErrorCode,
  keyContext,
} from './key-context.ts';
export { type KeyStatusHeader, keyStatusHeader, type ProxyResult, withKeyStatus } from './key-status.ts';
export {
  checkToolScopes,
  type JsonRpcError,
  type ToolScopesRequest,
  type ToolScopesVerdict,
} from './tool-scopes.ts';
