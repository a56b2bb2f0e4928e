// Package identity says which AWS account and region a command is about to change, and in plain words what is wrong when there is none.
package identity

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/logging"
)

// Caller is whom AWS takes us for.
type Caller struct {
	Account string
	ARN     string
	Region  string // of the AWS configuration; may be empty
}

// Load reads the AWS configuration from the SDK's environment variables and files. region may be empty.
func Load(ctx context.Context, region string) (aws.Config, error) {
	loaded, err := config.LoadDefaultConfig(ctx, func(o *config.LoadOptions) error {
		if region != "" {
			o.Region = region
		}
		o.Logger = logging.Nop{} // what goes wrong is in the errors
		return nil
	})
	if err != nil {
		return aws.Config{}, Explain(fmt.Errorf("reading the AWS configuration: %w", err))
	}
	return loaded, nil
}

// Check asks AWS who we are.
func Check(ctx context.Context, loaded aws.Config) (Caller, error) {
	client := sts.NewFromConfig(loaded, func(o *sts.Options) {
		if o.Region == "" {
			o.Region = "us-east-1" // the answer is the same in every region
		}
	})
	answer, err := client.GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	if err != nil {
		return Caller{}, Explain(fmt.Errorf("asking AWS who you are: %w", err))
	}
	return Caller{Account: aws.ToString(answer.Account), ARN: aws.ToString(answer.Arn), Region: loaded.Region}, nil
}

// hints are told by AWS's error code.
var hints = map[string]string{
	"ExpiredToken":                "The AWS credentials have expired. Sign in again, for example with `aws sso login`.",
	"ExpiredTokenException":       "The AWS credentials have expired. Sign in again, for example with `aws sso login`.",
	"RequestExpired":              "AWS refuses requests of this machine's time. Set the clock right.",
	"InvalidClientTokenId":        "AWS does not know these credentials: the access key was deleted, is disabled, or belongs to another partition.",
	"UnrecognizedClientException": "AWS does not know these credentials: the access key was deleted, is disabled, or belongs to another partition.",
	"SignatureDoesNotMatch":       "The secret access key does not belong to the access key.",
	"AccessDenied":                "These AWS credentials may not do this.",
	"AccessDeniedException":       "These AWS credentials may not do this.",
}

// Explain puts a plain sentence before an error of AWS where there is one. Nil stays nil.
func Explain(err error) error {
	if err == nil {
		return nil
	}
	if hint := hint(err); hint != "" {
		return fmt.Errorf("%s\n%w", hint, err)
	}
	return err
}

func hint(err error) string {
	var answer smithy.APIError
	if errors.As(err, &answer) {
		return hints[answer.ErrorCode()]
	}
	var profile config.SharedConfigProfileNotExistError
	text := err.Error()
	switch {
	case errors.As(err, &profile):
		return "AWS_PROFILE names a profile that this machine does not have. List them with `aws configure list-profiles`."
	case strings.Contains(text, "InvalidTokenException"), strings.Contains(text, "refresh cached SSO token"), strings.Contains(text, "cached SSO token"):
		return "You are not signed in to AWS any more. Sign in with `aws sso login`."
	case strings.Contains(text, "failed to refresh cached credentials"), strings.Contains(text, "static credentials are empty"):
		return "There are no AWS credentials here. Sign in with `aws sso login` or `aws configure`, or set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
	case strings.Contains(text, "MissingRegion"), strings.Contains(text, "Invalid Configuration: Missing Region"):
		return "No AWS region is known here: say --region."
	}
	return ""
}
