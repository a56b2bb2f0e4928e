package users

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	cognito "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/google/go-cmp/cmp"

	"omni/internal/mototest"
)

// newPool makes a user pool as the deploy does, among others.
func newPool(t *testing.T) (*Pool, *cognito.Client) {
	t.Helper()
	url := mototest.Start(t, "Cognito")
	client := cognito.New(cognito.Options{
		BaseEndpoint: &url, Region: "us-east-1", RetryMaxAttempts: 1, Credentials: credentials.NewStaticCredentialsProvider("x", "x", ""),
	})
	for _, name := range []string{"other-agents", "omni-agents", "omni-agents-2"} {
		made, err := client.CreateUserPool(t.Context(), &cognito.CreateUserPoolInput{
			PoolName: &name, UsernameAttributes: []types.UsernameAttributeType{types.UsernameAttributeTypeEmail},
			AdminCreateUserConfig: &types.AdminCreateUserConfigType{AllowAdminCreateUserOnly: true},
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := client.CreateGroup(t.Context(), &cognito.CreateGroupInput{UserPoolId: made.UserPool.Id, GroupName: aws.String(adminGroup)}); err != nil {
			t.Fatal(err)
		}
	}
	pool, err := find(t.Context(), client, "omni", "us-east-1")
	if err != nil {
		t.Fatal(err)
	}
	return pool, client
}

func TestPeopleAreInvitedOnceAndCanBecomeAdministrators(t *testing.T) {
	t.Parallel()
	pool, client := newPool(t)
	for _, step := range []struct {
		user User
		want Added
	}{
		{User{Email: "ben@example.com", Name: "Ben Okafor"}, Added{Invited: true}},
		{User{Email: "ben@example.com"}, Added{}},
		{User{Email: "ada@example.com", Admin: true}, Added{Invited: true, Promoted: true}},
		{User{Email: "ada@example.com", Admin: true}, Added{}},
		{User{Email: "ben@example.com", Admin: true}, Added{Promoted: true}},
		{User{Email: "cy@example.com"}, Added{Invited: true}},
	} {
		if got, err := pool.Add(t.Context(), step.user); err != nil || got != step.want {
			t.Errorf("%+v: %+v, %v, want %+v", step.user, got, err, step.want)
		}
	}
	if _, err := client.AdminDisableUser(t.Context(), &cognito.AdminDisableUserInput{UserPoolId: &pool.id, Username: aws.String("cy@example.com")}); err != nil {
		t.Fatal(err)
	}
	_, err := client.AdminSetUserPassword(t.Context(), &cognito.AdminSetUserPasswordInput{
		UserPoolId: &pool.id, Username: aws.String("ada@example.com"), Password: aws.String("A long passw0rd!"), Permanent: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	got, err := pool.Users(t.Context())
	want := []User{
		{Email: "ada@example.com", Admin: true, State: "active"},
		{Email: "ben@example.com", Name: "Ben Okafor", Admin: true, State: "invited"},
		{Email: "cy@example.com", State: "disabled"},
	}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v\n%s", err, diff)
	}
}

func TestWhatIsNoAddressIsNotInvited(t *testing.T) {
	t.Parallel()
	for _, email := range []string{"", "ada", "Ada <ada@example.com>", "ada@example.com, ben@example.com"} {
		if _, err := (&Pool{}).Add(t.Context(), User{Email: email}); err == nil || !strings.Contains(err.Error(), "no e-mail address") {
			t.Errorf("%q: %v", email, err)
		}
	}
}

func TestAStackWithoutAPool(t *testing.T) {
	t.Parallel()
	pool, client := newPool(t)
	_, err := find(t.Context(), client, "absent", "us-east-1")
	if err == nil || !strings.Contains(err.Error(), "absent-agents") || !strings.Contains(err.Error(), "--prefix") || pool.name != "omni-agents" {
		t.Errorf("%v, %+v", err, pool)
	}
}

func TestPrint(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	all := []User{{Email: "ada@example.com", Admin: true, State: "active"}, {Email: "ben@example.com", Name: "Ben\x1b[2J", State: "invited"}}
	if err := Print(&out, all); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(out.String(), "\n")
	if len(lines) != 4 || strings.Join(strings.Fields(lines[1]), " ") != "ada@example.com - admin active" || strings.Contains(out.String(), "\x1b") {
		t.Errorf("%q", out.String())
	}
	out.Reset()
	if err := Print(&out, nil); err != nil || !strings.Contains(out.String(), "omni agents add") {
		t.Errorf("%q, %v", out.String(), err)
	}
}
