package simulator

import (
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"omni/channels/internal/graph"
)

// templateEdge lists the templates of a business account.
var templateEdge = regexp.MustCompile(`^/v\d+\.\d/(\d+)/message_templates$`)

// templatesAPage is how many templates one answer has at most here, so that whoever lists them has to turn pages.
const templatesAPage = 4

// templates are those of every business account: some in each state, and of each form.
// Source: .../whatsapp/templates/components; .../graph-api/reference/whats-app-business-account/message_templates.
var templates = []m{
	listed("hello_world", "en_US", "APPROVED", "UTILITY", text("Welcome to the simulated WhatsApp.")),
	listed("order_shipped", "en_US", "APPROVED", "UTILITY", text("Your order arrives on {{1}}. Thank you!")),
	listed("order_shipped", "de", "APPROVED", "UTILITY", text("Ihre Bestellung kommt am {{1}}. Vielen Dank!")),
	listed("order_delayed", "en_US", "APPROVED", "UTILITY",
		m{"type": "HEADER", "format": "TEXT", "text": "Order {{1}}"}, text("We are sorry: it takes until {{1}}, because of {{2}}."),
		m{"type": "FOOTER", "text": "The shop"}, m{"type": "BUTTONS", "buttons": []m{
			{"type": "QUICK_REPLY", "text": "Fine"}, {"type": "URL", "text": "Track it", "url": "https://shop.example/orders/{{1}}"},
		}}),
	named(listed("appointment", "en_US", "APPROVED", "UTILITY", text("{{name}}, we expect you on {{day}}."))),
	listed("autumn", "en_US", "APPROVED", "MARKETING", m{"type": "HEADER", "format": "IMAGE"}, text("Our autumn has begun.")),
	listed("verification", "en_US", "APPROVED", "AUTHENTICATION", text("*{{1}}* is your verification code."),
		m{"type": "BUTTONS", "buttons": []m{{"type": "URL", "text": "Copy code", "url": "https://www.whatsapp.com/otp/code/?code=otp{{1}}"}}}),
	listed("catalogue", "en_US", "APPROVED", "MARKETING", text("Look at this."), m{"type": "CAROUSEL", "cards": []m{}}),
	listed("winter", "en_US", "PENDING", "MARKETING", text("Winter comes on {{1}}.")),
	listed("free_money", "en_US", "REJECTED", "MARKETING", text("It is yours.")),
	listed("spring", "en_US", "PAUSED", "MARKETING", text("Nobody liked this one.")),
	listed("summer", "en_US", "DISABLED", "MARKETING", text("Nobody liked this one at all.")),
}

func text(body string) m { return m{"type": "BODY", "text": body} }

func listed(name, language, status, category string, components ...m) m {
	return m{"name": name, "language": language, "status": status, "category": category, "parameter_format": "POSITIONAL", "components": components}
}

func named(template m) m {
	template["parameter_format"] = "NAMED"
	return template
}

// listTemplates answers with a page of an account's templates, if it is the business account whose token was shown.
func listTemplates(w http.ResponseWriter, r *http.Request, account, business string) {
	query := r.URL.Query()
	from, err := 0, error(nil)
	if after := query.Get("after"); after != "" {
		from, err = strconv.Atoi(after)
	}
	switch {
	case r.Method != http.MethodGet || r.Host != graph.FacebookHost || err != nil || from > len(templates):
		answer(w, http.StatusBadRequest, refuse(100, "Unsupported request", ""))
		return
	case account != business:
		answer(w, http.StatusBadRequest, refuse(100, "Unsupported get request. Object with ID '"+account+"' does not exist", ""))
		return
	}
	to := min(from+templatesAPage, len(templates))
	cursors := m{"before": strconv.Itoa(from), "after": strconv.Itoa(to)}
	paging := m{"cursors": cursors}
	if to < len(templates) {
		paging["next"] = "https://" + r.Host + r.URL.Path + "?after=" + strconv.Itoa(to)
	}
	answer(w, http.StatusOK, m{"data": selected(templates[from:to], strings.Split(query.Get("fields"), ",")), "paging": paging})
}

// selected are the templates with the members that were asked for, and their ids.
func selected(all []m, fields []string) []m {
	var some []m
	for i, template := range all {
		one := m{"id": strconv.Itoa(7_000_000_000 + i)}
		for _, field := range fields {
			if value, ok := template[field]; ok {
				one[field] = value
			}
		}
		some = append(some, one)
	}
	return some
}

// unapproved is what Meta says of a template that is known here and may not be sent; nil: it may, or nothing is known of it. Tests make up
// templates of their own.
func unapproved(name, language string) m {
	if !slices.ContainsFunc(templates, func(t m) bool { return t["name"] == name }) {
		return nil
	}
	for _, t := range templates {
		if t["name"] != name || t["language"] != language {
			continue
		}
		switch t["status"] {
		case "APPROVED":
			return nil
		case "PAUSED":
			return refuse(132015, "Template is Paused", "")
		case "DISABLED":
			return refuse(132016, "Template is Disabled", "")
		}
	}
	return refuse(132001, "Template name does not exist in the translation", "template name ("+name+") does not exist in "+language)
}
