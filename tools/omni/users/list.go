package users

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	cognito "github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"

	"omni/tools/omni/terminal"
)

// Users lists everybody, by address.
func (p *Pool) Users(ctx context.Context) ([]User, error) {
	admins, err := p.admins(ctx)
	if err != nil {
		return nil, err
	}
	var all []User
	pages := cognito.NewListUsersPaginator(p.client, &cognito.ListUsersInput{UserPoolId: &p.id})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("listing the users of %s: %w", p.name, err)
		}
		for _, user := range page.Users {
			email := attribute(user, "email")
			all = append(all, User{Email: email, Name: attribute(user, "name"), Admin: admins[strings.ToLower(email)], State: state(user)})
		}
	}
	slices.SortFunc(all, func(a, b User) int { return strings.Compare(a.Email, b.Email) })
	return all, nil
}

// states are Cognito's statuses in plain words.
var states = map[types.UserStatusType]string{
	types.UserStatusTypeConfirmed:           "active",
	types.UserStatusTypeForceChangePassword: "invited",
	types.UserStatusTypeResetRequired:       "has to choose a new password",
	types.UserStatusTypeExternalProvider:    "signs in elsewhere",
}

func state(user types.UserType) string {
	if !user.Enabled {
		return "disabled"
	}
	return cmp.Or(states[user.UserStatus], strings.ToLower(string(user.UserStatus)))
}

// Print lists users in a table.
func Print(w io.Writer, all []User) error {
	if len(all) == 0 {
		_, err := fmt.Fprintln(w, "Nobody may sign in yet: invite somebody with `omni agents add EMAIL --admin`.")
		return err
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "EMAIL\tNAME\tROLE\tSTATE")
	for _, u := range all {
		role := "agent"
		if u.Admin {
			role = "admin"
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", terminal.Line(u.Email, 0), cmp.Or(terminal.Line(u.Name, 0), "-"), role, u.State)
	}
	return table.Flush()
}
