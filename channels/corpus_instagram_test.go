package channels_test

func init() { adjustments["instagram"] = adjustMessaging }
