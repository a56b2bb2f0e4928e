package graphsim

// pageFields are the messaging fields of a Page, and some of its others.
// Source: developers.facebook.com/docs/messenger-platform/reference/webhook-events.
var pageFields = []string{
	"calls", "feed", "mention", "message_deliveries", "message_echoes", "message_edits", "message_reactions", "message_reads", "messages",
	"messaging_account_linking", "messaging_feedback", "messaging_game_plays", "messaging_handovers", "messaging_optins",
	"messaging_policy_enforcement", "messaging_postbacks", "messaging_referrals", "messenger_template_status_update", "ratings",
	"response_feedback", "send_cart", "standby",
}

// instagramFields are those of the object instagram.
// Source: developers.facebook.com/docs/instagram-platform/webhooks.
var instagramFields = []string{
	"comments", "live_comments", "mentions", "message_echoes", "message_edit", "message_reactions", "messages", "messaging_handover",
	"messaging_optins", "messaging_postbacks", "messaging_referral", "messaging_seen", "standby", "story_insights",
}

// objectFields are what an app can subscribe to, by object.
// Source of WhatsApp's: .../whatsapp/webhooks/overview.
var objectFields = map[string][]string{
	"page":      pageFields,
	"instagram": instagramFields,
	"whatsapp_business_account": {
		"account_alerts", "account_review_update", "account_update", "automatic_events", "business_capability_update", "calls", "flows",
		"group_lifecycle_update", "group_participants_update", "group_settings_update", "group_status_update", "history",
		"message_template_components_update", "message_template_quality_update", "message_template_status_update", "messages",
		"partner_solutions", "payment_configuration_update", "phone_number_name_update", "phone_number_quality_update", "security",
		"smb_app_state_sync", "smb_message_echoes", "template_category_update", "user_id_update", "user_preferences",
	},
}

// nodeFields are what an app can ask a node for, by the kind of node.
var nodeFields = map[string][]string{"page": pageFields, "instagram": instagramFields}
