"""Starts MiniStack, the emulator behind the local cloud, with some answers corrected to AWS's.

    python launch.py <instance> [<owner's process id>]

`<instance>` names this emulator: it stands in the process list, where whoever stops it looks for it. When the owner's
process is gone, the emulator and the Lambda functions it runs end too, so that a killed test run leaves nothing behind.

Corrected, because what Keyturn answers to a refused client hangs on them:

1. A Lambda authorizer of an HTTP API that throws `Unauthorized` answers 401; MiniStack answers 500, as to any failure.
2. `$context.authorizer.*` in a REST API's gateway responses (the `scope` in Keyturn's 403) holds the values that the
   authorizer returned beside its Deny; MiniStack leaves the text in the body and drops the header.

And because a key's secret rotates by its versions and their labels, which `local/secrets-driver` moves as the service
does:

3. `RotateSecret` sets up rotation and touches no version; MiniStack copies the current one and makes the copy current.
   `CancelRotateSecret` turns it off; MiniStack does not know it.
4. A secret that is created without a text has no version, and a version without a text is not found. `PutSecretValue` takes
   a label from the version that has it, gives the first version `AWSCURRENT`, and never replaces a text.

And because `local/mail-driver` tells what became of mail as SES does, from what is kept of it:

5. `GetAccountSendingEnabled` says that sending is on; MiniStack does not know it. `SendRawEmail` refuses an unknown configuration set, and a mail is kept with its configuration set and its message tags;
   MiniStack takes and keeps neither.

All rest on internals of one version, so on another one nothing is changed and a warning says so.
"""

import contextvars
import functools
import importlib.metadata
import json
import os
import signal
import sys
import threading
import time

PATCHED_VERSION = "1.5.33"
OWNER_POLL_SECONDS = 1


def answer_401_to_unauthorized(http_apis):
    """HTTP APIs: make a thrown `Unauthorized` end the request with 401 instead of 500."""

    class Unauthorized(Exception):
        pass

    run_lambda = http_apis.run_reentrant
    authorize = http_apis._authorize_request_v2

    @functools.wraps(run_lambda)
    async def run(*args, thread_name=None, **kwargs):
        result = await run_lambda(*args, thread_name=thread_name, **kwargs)
        if thread_name == "ministack-apigw-authorizer" and result and result.get("error"):
            body = result.get("body")
            if isinstance(body, dict) and body.get("errorMessage") == "Unauthorized":
                raise Unauthorized
        return result

    @functools.wraps(authorize)
    async def authorize_or_401(*args, **kwargs):
        try:
            return await authorize(*args, **kwargs)
        except Unauthorized:
            return (401, {"Content-Type": "application/json"}, b'{"message":"Unauthorized"}'), None

    http_apis.run_reentrant = run
    http_apis._authorize_request_v2 = authorize_or_401


def fill_authorizer_context(rest_apis):
    """REST APIs: give the authorizer's context to the gateway response of its Deny."""

    class Policy(dict):
        """A policy document that remembers its context, also while it lies in the authorizer cache."""

        context = {}

    invoke = rest_apis._invoke_authorizer_lambda
    evaluate = rest_apis._evaluate_policy
    deny = rest_apis._deny_error
    header_value = rest_apis._gateway_request_value
    render = rest_apis._gateway_error_response
    judged = contextvars.ContextVar("judged", default={})
    prefix = "context.authorizer."

    async def invoke_remembering(*args):
        result = await invoke(*args)
        answer = result.get("body") if result else None
        if isinstance(answer, dict) and isinstance(answer.get("policyDocument"), dict):
            policy = answer["policyDocument"] = Policy(answer["policyDocument"])
            policy.context = rest_apis._stringify_context(answer.get("context"))
            policy.context["principalId"] = str(answer.get("principalId", ""))
        return result

    def evaluate_remembering(policy, method_arn):
        judged.set(getattr(policy, "context", {}))
        return evaluate(policy, method_arn)

    def deny_with_context(explicit):
        error = deny(explicit)
        error.authorizer = judged.get()
        return error

    def header_value_with_context(source, request):
        if source.startswith(prefix):
            return request["authorizer"].get(source.removeprefix(prefix))
        return header_value(source, request)

    def render_with_context(error, request):
        request["authorizer"] = getattr(error, "authorizer", {})
        status, headers, body = render(error, request)

        def value(match):
            name = match.group(1) or match.group(2)
            return request["authorizer"].get(name.removeprefix(prefix), "") if name.startswith(prefix) else match.group()

        return status, headers, rest_apis._GATEWAY_TEMPLATE_VARIABLE.sub(value, body.decode()).encode()

    rest_apis._invoke_authorizer_lambda = invoke_remembering
    rest_apis._evaluate_policy = evaluate_remembering
    rest_apis._deny_error = deny_with_context
    rest_apis._gateway_request_value = header_value_with_context
    rest_apis._gateway_error_response = render_with_context


def move_secret_labels(service):
    """Secrets Manager: versions and their labels, as a rotation relies on them."""
    create, get, put, handle = (
        service._create_secret,
        service._get_secret_value,
        service._put_secret_value,
        service.handle_request,
    )

    def has_text(version):
        return version.get("SecretString") is not None or version.get("SecretBinary") is not None

    def usable(data):
        secret = service._resolve(data.get("SecretId"))[1]
        return None if secret is None or secret.get("DeletedDate") else secret

    def create_secret(data):
        answer = create(data)
        if answer[0] == 200 and not has_text(data):
            service._resolve(data["Name"])[1]["Versions"].clear()
        return answer

    def get_secret_value(data):
        answer = get(data)
        if answer[0] == 200 and not has_text(json.loads(answer[2])):
            message = "Secrets Manager can't find the specified secret value."
            return service.error_response_json("ResourceNotFoundException", message, 400)
        return answer

    def put_secret_value(data):
        secret = usable(data)
        token = data.get("ClientRequestToken")
        there = secret["Versions"].get(token) if secret else None
        if there and has_text(there):
            if there.get("SecretString") == data.get("SecretString"):
                return service.json_response({"ARN": secret["ARN"], "Name": secret["Name"], "VersionId": token})
            message = f"You can't use ClientRequestToken {token} because that value is already in use."
            return service.error_response_json("ResourceExistsException", message, 400)
        kept = list(there["Stages"]) if there else []
        answer = put(data)
        if secret and answer[0] == 200:
            version_id = json.loads(answer[2])["VersionId"]
            if not any("AWSCURRENT" in version["Stages"] for version in secret["Versions"].values()):
                kept.append("AWSCURRENT")
            for label in [*data.get("VersionStages", []), *kept]:
                service._remove_stage_everywhere(secret, label, except_version_id=version_id)
                service._add_stage(secret, version_id, label)
        return answer

    def rotate_secret(data):
        secret = usable(data)
        if not secret:
            return put(data)
        pending = service._find_stage_version(secret, "AWSPENDING")[1]
        if pending and "AWSCURRENT" not in pending["Stages"]:
            message = "A previous rotation isn't complete. That rotation will be reattempted."
            return service.error_response_json("InvalidRequestException", message, 400)
        for name in ("RotationLambdaARN", "RotationRules"):
            secret[name] = data.get(name) or secret.get(name)
        secret["RotationEnabled"] = True
        return service.json_response({"ARN": secret["ARN"], "Name": secret["Name"]})

    async def handle_request(method, path, headers, body, query_params):
        if not headers.get("x-amz-target", "").endswith(".CancelRotateSecret"):
            return await handle(method, path, headers, body, query_params)
        data = json.loads(body)
        secret = usable(data)
        if not secret:
            return put(data)
        secret["RotationEnabled"] = False
        return service.json_response({"ARN": secret["ARN"], "Name": secret["Name"]})

    service._create_secret = create_secret
    service._get_secret_value = get_secret_value
    service._put_secret_value = put_secret_value
    service._rotate_secret = rotate_secret
    service.handle_request = handle_request


def keep_tags_of_mail(service, app):
    """SES: a raw mail is kept with its configuration set and its tags, and sending is known to be on."""
    send = service._send_raw_email
    show = app._handle_ses_messages_request
    kept = {}

    def send_raw_email(params):
        name = service._p(params, "ConfigurationSetName")
        if name and name not in service._configuration_sets:
            return service._config_set_missing(name)
        tags = []
        while service._p(params, f"Tags.member.{len(tags) + 1}.Name"):
            at = f"Tags.member.{len(tags) + 1}"
            tags.append({"Name": service._p(params, f"{at}.Name"), "Value": service._p(params, f"{at}.Value")})
        answer = send(params)
        if answer[0] == 200:
            message_id = service._sent_emails_list()[-1]["MessageId"]
            kept[message_id] = {"Tags": tags, **({"ConfigurationSetName": name} if name else {})}
        return answer

    async def show_messages(*args):
        answer = await show(*args)
        if not answer or answer[0] != 200:
            return answer
        shown = json.loads(answer[2])
        for mails in shown["messages"].values():
            for mail in mails:
                mail.update(kept.get(mail["MessageId"], {}))
        return answer[0], answer[1], json.dumps(shown).encode()

    handle = service.handle_request

    async def handle_request(method, path, headers, body, query_params):
        if b"Action=GetAccountSendingEnabled" not in (body or b""):
            return await handle(method, path, headers, body, query_params)
        return service._xml(
            200,
            "GetAccountSendingEnabledResponse",
            "<GetAccountSendingEnabledResult><Enabled>true</Enabled></GetAccountSendingEnabledResult>",
        )

    app._handle_ses_messages_request = show_messages
    service._send_raw_email = send_raw_email
    service.handle_request = handle_request


def end_with(owner_pid):
    """Ends this process group, which holds the Lambda processes too, soon after the owner has ended."""
    while True:
        try:
            os.kill(owner_pid, 0)
        except ProcessLookupError:
            os.killpg(0, signal.SIGKILL)
        except PermissionError:
            pass
        time.sleep(OWNER_POLL_SECONDS)


def main(owner_pid=None):
    if owner_pid:
        threading.Thread(target=end_with, args=(int(owner_pid),), daemon=True).start()
    version = importlib.metadata.version("ministack")
    if version == PATCHED_VERSION:
        from ministack import app
        from ministack.services import apigateway, apigateway_v1, secretsmanager, ses

        answer_401_to_unauthorized(apigateway)
        fill_authorizer_context(apigateway_v1)
        move_secret_labels(secretsmanager)
        keep_tags_of_mail(ses, app)
    else:
        print(
            f"WARNING: MiniStack {version} runs without Keyturn's corrections, which are made for {PATCHED_VERSION}: "
            "expect 500 in place of 401 on HTTP APIs, empty scopes in 403 answers of REST APIs, secrets whose labels do not "
            "move as they should, and mail of which nothing is told.",
            flush=True,
        )
    sys.argv = sys.argv[:1]
    from ministack.app import main as serve

    serve()


if __name__ == "__main__":
    main(*sys.argv[2:])
