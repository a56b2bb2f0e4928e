package pipeline

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"omni/channels"
	"omni/internal/inbox"
)

// templateWords is what the customer reads of a template that may be sent and whose gaps are filled, as far as the account's templates are known; of none,
// or of one that is not known, nothing. A template that is refused may have been approved since they were listed, so the refusal has them listed again.
func (a *Answers) templateWords(ctx context.Context, spec channels.Spec, chat inbox.Chat, m *channels.TemplateMessage) (string, error) {
	if m == nil {
		return "", nil
	}
	account := inbox.CredentialAccount{Channel: chat.Channel, Name: chat.CredentialAccount}
	named, known, err := a.Store.Templates(ctx, account, m.Name)
	if err != nil || !known {
		return "", err
	}
	words, refusal := inbox.TemplateWords(spec, named, *m)
	if refusal != nil {
		a.relist(ctx, account)
	}
	return words, refusal
}

// relistEvery is how often a refusal has an account's templates listed again at most. It is as long as a queue remembers an id.
const relistEvery = 5 * time.Minute

// relist has an account's templates listed. Its errors are logged: they will be listed anyway, later.
func (a *Answers) relist(ctx context.Context, account inbox.CredentialAccount) {
	if a.Errands == nil {
		return
	}
	name := fmt.Sprint("templates@", a.Now().Truncate(relistEvery).Unix())
	errand := inbox.AccountErrand(uuid.NewSHA1(inbox.AccountID(account.Channel, account.Name), []byte(name)), inbox.ErrandTemplates, account)
	if err := a.Errands.Errands(ctx, []inbox.Errand{errand}); err != nil {
		a.Log.Warn("templates not asked for again", "channel", account.Channel, "account", account.Name, "error", err.Error())
	}
}
