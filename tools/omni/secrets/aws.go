package secrets

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager"
	"github.com/aws/aws-sdk-go-v2/service/secretsmanager/types"
	"github.com/google/uuid"
)

const (
	currentStage = "AWSCURRENT"
	// firstVersion seeds the id of the first version of a secret. It is the same for everybody, so that of two who enter the first value at
	// the same time one is refused.
	firstVersion = "9f2b1c52-3f5c-4d0e-8f3a-0c7d5b6e1a44"
)

// client is what is used of Secrets Manager.
type client interface {
	DescribeSecret(context.Context, *secretsmanager.DescribeSecretInput, ...func(*secretsmanager.Options)) (*secretsmanager.DescribeSecretOutput, error)
	GetSecretValue(context.Context, *secretsmanager.GetSecretValueInput, ...func(*secretsmanager.Options)) (*secretsmanager.GetSecretValueOutput, error)
	PutSecretValue(context.Context, *secretsmanager.PutSecretValueInput, ...func(*secretsmanager.Options)) (*secretsmanager.PutSecretValueOutput, error)
	UpdateSecretVersionStage(context.Context, *secretsmanager.UpdateSecretVersionStageInput, ...func(*secretsmanager.Options)) (*secretsmanager.UpdateSecretVersionStageOutput, error)
}

// AWS is AWS Secrets Manager, with one secret for each channel, which the deploy makes empty.
type AWS struct {
	client client
	prefix string
	region string
}

// NewAWS opens the secrets of the stack with the prefix.
func NewAWS(config aws.Config, prefix string) *AWS {
	return &AWS{client: secretsmanager.NewFromConfig(config), prefix: prefix, region: config.Region}
}

// Flags implements [Store].
func (s *AWS) Flags() string {
	return fmt.Sprintf(" --aws --prefix %s --region %s", s.prefix, s.region)
}

func (s *AWS) name(channel string) *string { return aws.String(s.prefix + "/channels/" + channel) }

// Read implements [Store].
func (s *AWS) Read(ctx context.Context, channel string) (Accounts, string, error) {
	value, err := s.client.GetSecretValue(ctx, &secretsmanager.GetSecretValueInput{SecretId: s.name(channel), VersionStage: aws.String(currentStage)})
	if isA[*types.ResourceNotFoundException](err) {
		return nil, "", s.exists(ctx, channel)
	}
	if err != nil {
		return nil, "", s.explain("reading", channel, err)
	}
	var accounts Accounts
	if err := json.Unmarshal([]byte(aws.ToString(value.SecretString)), &accounts); err != nil {
		return nil, "", fmt.Errorf("reading the secret %s: %w", *s.name(channel), err)
	}
	return accounts, aws.ToString(value.VersionId), nil
}

// exists tells a secret that has no value yet, which is nil, from one that does not exist: Secrets Manager has one error for both.
func (s *AWS) exists(ctx context.Context, channel string) error {
	_, err := s.client.DescribeSecret(ctx, &secretsmanager.DescribeSecretInput{SecretId: s.name(channel)})
	if isA[*types.ResourceNotFoundException](err) {
		return fmt.Errorf("there is no secret %s in %s: the deploy makes it (see --prefix and --region): %w", *s.name(channel), s.region, err)
	}
	if err != nil {
		return s.explain("reading", channel, err)
	}
	return nil
}

// Write implements [Store].
func (s *AWS) Write(ctx context.Context, channel string, accounts Accounts, version string) error {
	content, err := json.Marshal(accounts)
	if err != nil {
		return fmt.Errorf("writing the secrets of %s: %w", channel, err)
	}
	if version == "" {
		return s.writeFirst(ctx, channel, string(content))
	}
	return s.writeNext(ctx, channel, string(content), version)
}

// writeFirst enters the first value. A second one under the same version id is refused, unless it is the same value.
func (s *AWS) writeFirst(ctx context.Context, channel, content string) error {
	id := uuid.NewSHA1(uuid.MustParse(firstVersion), []byte(*s.name(channel)))
	_, err := s.client.PutSecretValue(ctx, &secretsmanager.PutSecretValueInput{
		SecretId: s.name(channel), SecretString: &content, ClientRequestToken: aws.String(id.String()),
	})
	if isA[*types.ResourceExistsException](err) {
		return ErrChanged
	}
	return s.explain("writing", channel, err)
}

// writeNext puts the value aside under a label of its own and then moves AWSCURRENT to it from the version that was read. AWS refuses the
// move when that is not the current version any more; a plain PutSecretValue would overwrite what somebody else has just entered.
func (s *AWS) writeNext(ctx context.Context, channel, content, version string) error {
	id := uuid.NewString()
	aside := "omni-" + id
	_, err := s.client.PutSecretValue(ctx, &secretsmanager.PutSecretValueInput{
		SecretId: s.name(channel), SecretString: &content, ClientRequestToken: &id, VersionStages: []string{aside},
	})
	if err != nil {
		return s.explain("writing", channel, err)
	}
	err = s.moveStage(ctx, channel, currentStage, &version, &id)
	// A version without labels is deleted by Secrets Manager in time. One that keeps this label does no harm.
	if cleared := s.moveStage(context.WithoutCancel(ctx), channel, aside, &id, nil); err == nil && cleared != nil {
		return s.explain("tidying up", channel, cleared)
	}
	if isA[*types.InvalidParameterException](err) || isA[*types.InvalidRequestException](err) {
		return ErrChanged
	}
	return s.explain("writing", channel, err)
}

func (s *AWS) moveStage(ctx context.Context, channel, stage string, from, to *string) error {
	_, err := s.client.UpdateSecretVersionStage(ctx, &secretsmanager.UpdateSecretVersionStageInput{
		SecretId: s.name(channel), VersionStage: &stage, RemoveFromVersionId: from, MoveToVersionId: to,
	})
	return err
}

// explain adds the secret's name to an error. Nil stays nil.
func (s *AWS) explain(doing, channel string, err error) error {
	if err == nil {
		return nil
	}
	if isA[*types.InvalidRequestException](err) {
		return fmt.Errorf("%s the secret %s: it is scheduled for deletion, or being changed: %w", doing, *s.name(channel), err)
	}
	return fmt.Errorf("%s the secret %s in %s: %w", doing, *s.name(channel), s.region, err)
}

func isA[E error](err error) bool {
	var target E
	return errors.As(err, &target)
}
