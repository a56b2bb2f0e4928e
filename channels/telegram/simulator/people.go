package simulator

import (
	"fmt"
	"strconv"
	"strings"
)

// connection is the business connection of the one business that has connected the bot, and ownerID its owner.
const (
	connection = "Hk2mR7vXqUkDEAAAp9w3Tz5LcYs"
	ownerID    = 490055667
	channelID  = -1001900200300
)

// Where the numbers of customers and groups begin; those of groups go down. They have today's size.
const (
	customerIDs = 5_100_000_000
	groupIDs    = -1_002_100_000_000
)

func (p play) customerID() int64 { return customerIDs + int64(p.Customer.Number) }

// groupID is the group of the customer and nine others.
func (p play) groupID() int64 { return groupIDs - int64(p.Customer.Number/10) }

func (p play) user() object {
	first, last, _ := strings.Cut(p.Customer.Name, " ")
	if first == "" {
		first = fmt.Sprintf("Customer %d", p.Customer.Number)
	}
	user := object{"id": p.customerID(), "is_bot": false, "first_name": first, "language_code": "en"}
	if last != "" {
		user["last_name"] = last
	}
	if p.Customer.Number%2 == 0 { // many have no username
		user["username"] = fmt.Sprintf("customer_%d", p.Customer.Number)
	}
	return user
}

func (p play) private() object {
	chat := p.user()
	delete(chat, "is_bot")
	delete(chat, "language_code")
	chat["type"] = "private"
	return chat
}

func (p play) group() object {
	return object{"id": p.groupID(), "type": "supergroup", "title": fmt.Sprintf("Customers %d", p.Customer.Number/10)}
}

func channel() object {
	return object{"id": channelID, "type": "channel", "title": "News", "username": "simulated_news"}
}

func owner() object {
	return object{"id": ownerID, "is_bot": false, "first_name": "Owner", "username": "simulated_owner"}
}

func bot() object {
	return object{"id": 7_100_000_001, "is_bot": true, "first_name": "Bot", "username": "simulated_bot"}
}

// Threads, as the channel names them.

func (p play) privateThread() string  { return strconv.FormatInt(p.customerID(), 10) }
func (p play) groupThread() string    { return strconv.FormatInt(p.groupID(), 10) }
func (p play) businessThread() string { return connection + ":" + p.privateThread() }
func (p play) guestThread() string    { return "guest:" + p.groupThread() }
func channelThread() string           { return strconv.Itoa(channelID) }
