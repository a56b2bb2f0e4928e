// Package users keeps those who may sign in to a deployed stack: the users of its Cognito user pool.
package users

import (
	"context"
	"errors"
	"fmt"
	"net/mail"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	cognito "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
)

// adminGroup is the group of administrators, which the deploy makes.
const adminGroup = "admin"

// Pool is the user pool of a stack.
type Pool struct {
	client *cognito.Client
	id     string
	name   string
}

// Open finds the user pool of the stack with the prefix.
func Open(ctx context.Context, config aws.Config, prefix string) (*Pool, error) {
	return find(ctx, cognito.NewFromConfig(config), prefix, config.Region)
}

// maxPools is how many pools Cognito lists at once.
const maxPools = 60

func find(ctx context.Context, client *cognito.Client, prefix, region string) (*Pool, error) {
	name := prefix + "-agents"
	pages := cognito.NewListUserPoolsPaginator(client, &cognito.ListUserPoolsInput{MaxResults: aws.Int32(maxPools)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("looking for the user pool %s: %w", name, err)
		}
		for _, pool := range page.UserPools {
			if aws.ToString(pool.Name) == name {
				return &Pool{client: client, id: aws.ToString(pool.Id), name: name}, nil
			}
		}
	}
	return nil, fmt.Errorf("there is no user pool %s in %s: the deploy makes it (see --prefix and --region), unless the stack was told to use another identity provider; then people are added there", name, region)
}

// User is somebody who may sign in.
type User struct {
	Email string
	Name  string
	Admin bool
	State string // in a few words
}

// Added is what adding somebody did.
type Added struct {
	Invited  bool // they are new, and get an e-mail with a password for the first time
	Promoted bool // they are an administrator now, and were none
}

// Add makes sure that somebody may sign in, and that they are an administrator if that is wanted. Doing it again changes nothing.
func (p *Pool) Add(ctx context.Context, u User) (Added, error) {
	if address, err := mail.ParseAddress(u.Email); err != nil || address.Address != u.Email {
		return Added{}, fmt.Errorf("%q is no e-mail address", u.Email)
	}
	invited, err := p.invite(ctx, u)
	if err != nil || !u.Admin {
		return Added{Invited: invited}, err
	}
	admins, err := p.admins(ctx)
	if err != nil || admins[strings.ToLower(u.Email)] {
		return Added{Invited: invited}, err
	}
	_, err = p.client.AdminAddUserToGroup(ctx, &cognito.AdminAddUserToGroupInput{UserPoolId: &p.id, Username: &u.Email, GroupName: aws.String(adminGroup)})
	if err != nil {
		return Added{Invited: invited}, fmt.Errorf("making %s an administrator: %w", u.Email, err)
	}
	return Added{Invited: invited, Promoted: true}, nil
}

// invite makes the user, unless they exist. Cognito sends the invitation.
func (p *Pool) invite(ctx context.Context, u User) (invited bool, err error) {
	attributes := []types.AttributeType{
		{Name: aws.String("email"), Value: &u.Email}, {Name: aws.String("email_verified"), Value: aws.String("true")},
	}
	if u.Name != "" {
		attributes = append(attributes, types.AttributeType{Name: aws.String("name"), Value: &u.Name})
	}
	_, err = p.client.AdminCreateUser(ctx, &cognito.AdminCreateUserInput{
		UserPoolId: &p.id, Username: &u.Email, UserAttributes: attributes, DesiredDeliveryMediums: []types.DeliveryMediumType{types.DeliveryMediumTypeEmail},
	})
	var exists *types.UsernameExistsException
	if errors.As(err, &exists) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("inviting %s: %w", u.Email, err)
	}
	return true, nil
}

// admins are the addresses of the administrators, in lower case.
func (p *Pool) admins(ctx context.Context) (map[string]bool, error) {
	admins := map[string]bool{}
	pages := cognito.NewListUsersInGroupPaginator(p.client, &cognito.ListUsersInGroupInput{UserPoolId: &p.id, GroupName: aws.String(adminGroup)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("listing the administrators: %w", err)
		}
		for _, user := range page.Users {
			admins[strings.ToLower(attribute(user, "email"))] = true
		}
	}
	return admins, nil
}

func attribute(user types.UserType, name string) string {
	for _, a := range user.Attributes {
		if aws.ToString(a.Name) == name {
			return aws.ToString(a.Value)
		}
	}
	return ""
}
