"""An AWS emulator good enough for Terraform: moto's server, with the gaps closed that keep this stack from a clean apply, plan and destroy.

    python3 tests/emulator/motod.py -H 127.0.0.1 -p 5600

The options are those of moto_server. Written for moto 5.2 and the AWS provider 5.100. It is for Terraform only: its SQS does not behave like
Amazon's at run time, and requests are served one at a time.
"""

import json
import sys
import threading
import uuid

from moto.apigatewayv2 import urls as api_urls
from moto.apigatewayv2.models import Stage
from moto.apigatewayv2.responses import ApiGatewayV2Response
from moto.awslambda.models import LambdaFunction
from moto.backends import get_backend
from moto.core.config import default_user_config
from moto.moto_server.werkzeug_app import DomainDispatcherApplication
from moto.server import main
from moto.sqs.models import Queue

ACCOUNT = "123456789012"
REGION = "us-east-1"

# The services that the stack uses.
SERVICES = (
    "apigatewayv2 awslambda cloudwatch cognitoidp ec2 iam kms logs rds s3 scheduler secretsmanager sns sqs sts".split()
)


def invoke_without_docker():
    """Invoke answers with its input, instead of looking for a Docker daemon."""
    default_user_config["lambda"] = {"use_docker": False}


def keep_queue_attributes():
    """SQS gives attributes back as they were set.

    The provider compares RedrivePolicy as text, and moto puts blanks into it. moto does not know RedriveAllowPolicy, and it forgets Policy
    whenever anything else is set.
    """
    answered = Queue.attributes.fget
    set_attributes = Queue._set_attributes

    def attributes(self):
        result = answered(self)
        if self.redrive_policy:
            result["RedrivePolicy"] = json.dumps(self.redrive_policy, separators=(",", ":"))
        if not result.get("RedriveAllowPolicy"):
            result.pop("RedriveAllowPolicy", None)
        return result

    def set_and_keep_policy(self, attributes, now=None):
        policy = getattr(self, "policy", None)
        set_attributes(self, attributes, now)
        if "Policy" not in attributes:
            self.policy = policy

    Queue.BASE_ATTRIBUTES = [*Queue.BASE_ATTRIBUTES, "RedriveAllowPolicy"]
    Queue.redrive_allow_policy = None
    Queue.attributes = property(attributes)
    Queue._set_attributes = set_and_keep_policy


def keep_function_settings():
    """Lambda gives LoggingConfig and TracingConfig back, which moto takes and forgets."""
    kept = ("LoggingConfig", "TracingConfig")
    create = LambdaFunction.__init__
    describe = LambdaFunction.get_configuration
    update = LambdaFunction.update_configuration

    def create_and_keep(self, account_id, spec, *args, **kwargs):
        create(self, account_id, spec, *args, **kwargs)
        self.kept_settings = {name: spec[name] for name in kept if spec.get(name)}

    def describe_with_kept(self, *args, **kwargs):
        return {**describe(self, *args, **kwargs), **getattr(self, "kept_settings", {})}

    def update_and_keep(self, changes):
        self.kept_settings = {**self.kept_settings, **{name: changes[name] for name in kept if changes.get(name)}}
        update(self, changes)
        return self.get_configuration()

    LambdaFunction.__init__ = create_and_keep
    LambdaFunction.get_configuration = describe_with_kept
    LambdaFunction.update_configuration = update_and_keep


def deploy_apis():
    """API Gateway has deployments, on one of which every stage of a WebSocket API stands. moto knows none."""
    deployments = {}
    describe_stage = Stage.to_json

    def key(request):
        parts = request.path.rstrip("/").split("/")
        return parts[parts.index("apis") + 1], parts[-1]

    def create_deployment(self):
        deployment = {
            "autoDeployed": False,
            "createdDate": "2026-01-01T00:00:00Z",
            "deploymentId": uuid.uuid4().hex[:6],
            "deploymentStatus": "DEPLOYED",
            "description": json.loads(self.body or "{}").get("description", ""),
        }
        api, _ = key(self)
        deployments[api, deployment["deploymentId"]] = deployment
        return 201, {}, json.dumps(deployment)

    def get_deployment(self):
        deployment = deployments.get(key(self))
        if deployment is None:
            return 404, {"x-amzn-errortype": "NotFoundException"}, json.dumps({"message": "Invalid deployment identifier"})
        return 200, {}, json.dumps(deployment)

    def delete_deployment(self):
        deployments.pop(key(self), None)
        return 204, {}, ""

    def describe_with_deployment(self):
        described = describe_stage(self)
        if self.config.get("deploymentId"):
            described["deploymentId"] = self.config["deploymentId"]
        return described

    ApiGatewayV2Response.create_deployment = create_deployment
    ApiGatewayV2Response.get_deployment = get_deployment
    ApiGatewayV2Response.delete_deployment = delete_deployment
    Stage.to_json = describe_with_deployment
    for path in ("deployments$", "deployments/(?P<deployment_id>[^/]+)$"):
        api_urls.url_paths["{0}/v2/apis/(?P<api_id>[^/]+)/" + path] = ApiGatewayV2Response.dispatch


def serve_one_request_at_a_time():
    """moto's models are not made for threads: under Terraform's parallel requests resources get lost or exist twice."""
    lock = threading.Lock()
    call = DomainDispatcherApplication.__call__

    def locked(self, environ, start_response):
        with lock:
            return call(self, environ, start_response)

    DomainDispatcherApplication.__call__ = locked


def make_backends():
    """moto makes its backends when they are first asked for, and sometimes two of them."""
    for service in SERVICES:
        backends = get_backend(service)[ACCOUNT]
        for region in (REGION, "aws"):
            if region in backends.regions:
                backends[region]


if __name__ == "__main__":
    invoke_without_docker()
    keep_queue_attributes()
    keep_function_settings()
    deploy_apis()
    serve_one_request_at_a_time()
    make_backends()
    main(sys.argv[1:])
