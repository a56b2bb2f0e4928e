package app

import (
	"encoding"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// Config is everything that is set from outside, read once from environment variables. The tags name the variable, the functions that
// need it, its default and its meaning; the README's table is checked against them.
type Config struct {
	DatabaseURL         string     `env:"DATABASE_URL" for:"webhook, processor, deadletter, sweeper, migrate, api, realtime, visitor" doc:"PostgreSQL connection string"`
	DatabaseCredentials string     `env:"DATABASE_CREDENTIALS" for:"" doc:"where the database password comes from: iam (each connection signs a token of its own) or secret:ARN (Secrets Manager); without it it is in DATABASE_URL, if there is one"`
	MessageQueueURL     string     `env:"MESSAGE_QUEUE_URL" for:"webhook, deadletter, sweeper, timer, sender, media, deliverer, api, pusher" doc:"URL of the SQS FIFO queue that wakes the processor; with it the processor queues overdue jobs again"`
	BulkQueueURL        string     `env:"BULK_QUEUE_URL" for:"" doc:"URL of the SQS FIFO queue of receipts and history; without it they share MESSAGE_QUEUE_URL"`
	OutboundQueueURL    string     `env:"OUTBOUND_QUEUE_URL" for:"" doc:"URL of the SQS FIFO queues of the channels' answers, with {channel} in the place of the channel's name; without it nothing can be sent"`
	MediaQueueURL       string     `env:"MEDIA_QUEUE_URL" for:"" doc:"URL of the SQS standard queue of customers' files that are to be fetched; without it none are, and they wait"`
	DeliveryQueueURL    string     `env:"DELIVERY_QUEUE_URL" for:"" doc:"URL of the SQS standard queue of deliveries to subscribers; without it none are made, and they wait"`
	PushQueueURL        string     `env:"PUSH_QUEUE_URL" for:"" doc:"URL of the SQS standard queue of what open dashboards and visitors' pages are told; without it they are told nothing, and look for themselves every half minute"`
	ConnectionsURL      string     `env:"CONNECTIONS_URL" for:"pusher" doc:"https URL of the WebSocket API's stage, below which its connections are"`
	WebSocketURL        string     `env:"WEBSOCKET_URL" for:"" doc:"wss URL of the WebSocket API, which dashboards and visitors' pages open; without it they get no tickets for it"`
	TimerQueueURL       string     `env:"TIMER_QUEUE_URL" for:"timer" doc:"URL of the SQS standard queue on which messages wait until they are due; with it the deadletter function makes those wait on that died there"`
	UnknownSends        string     `env:"UNKNOWN_SENDS" for:"" default:"ask" one:"ask retry" doc:"what becomes of an answer of which nobody will ever tell whether it was delivered: ask (an agent decides) or retry (the customer may get it twice)"`
	Senders             int        `env:"SENDERS" for:"" default:"1" doc:"how many senders of a channel run at once, by which the platform's limit is divided"`
	Files               string     `env:"FILES" for:"media" doc:"where the files of messages are kept: file:FOLDER or s3:BUCKET/PREFIX; without it none can be sent, kept or deleted"`
	RetentionDays       int        `env:"RETENTION_DAYS" for:"sweeper" default:"90" doc:"days for which the logs are kept: raw webhooks, jobs, the feed, what subscribers were told; 0: for good"`
	Retention           Retention  `env:"RETENTION" for:"" doc:"JSON of days for which messages, files, dead_letters, webhooks and deliveries are kept, and under channels the same for single ones; 0: for good. What it does not name: messages, files and dead letters for good, the others for RETENTION_DAYS"`
	Blobs               string     `env:"BLOBS" for:"" doc:"where jobs above SQS's limit of 1 MiB are kept: file:FOLDER or s3:BUCKET/PREFIX; without it they are refused"`
	ChannelSecrets      string     `env:"CHANNEL_SECRETS" for:"webhook, sender, media, visitor" doc:"where the channels' secrets are: secretsmanager:PREFIX (one secret for each channel, called PREFIX and channel) or file:PATH"`
	MetricsNamespace    string     `env:"METRICS_NAMESPACE" for:"" default:"Omni" doc:"CloudWatch namespace of the metrics: one for each stack of an account and region"`
	LogLevel            slog.Level `env:"LOG_LEVEL" for:"all" default:"INFO" doc:"least severe log line that is written: DEBUG, INFO, WARN or ERROR"`
}

// ReadConfig reads the configuration of a function from its environment. The error names every variable that is missing or unusable.
func ReadConfig(function string, getenv func(string) string) (Config, error) {
	var config Config
	var wrong []string
	fields := reflect.ValueOf(&config).Elem()
	for i := range fields.NumField() {
		tag := fields.Type().Field(i).Tag
		name := tag.Get("env")
		given := getenv(name)
		if given == "" {
			given = tag.Get("default")
		}
		if given == "" {
			if strings.Contains(tag.Get("for"), function) {
				wrong = append(wrong, fmt.Sprintf("%s is not set (%s)", name, tag.Get("doc")))
			}
			continue
		}
		if err := set(fields.Field(i), given, tag.Get("one")); err != nil {
			wrong = append(wrong, fmt.Sprintf("%s=%q: %v", name, given, err))
		}
	}
	if len(wrong) > 0 {
		return config, fmt.Errorf("configuration of %s: %s", function, strings.Join(wrong, "; "))
	}
	return config, nil
}

// set writes a value into a field; choices are the only values that it may have, if there are any.
func set(field reflect.Value, given, choices string) error {
	if choices != "" && !slices.Contains(strings.Fields(choices), given) {
		return fmt.Errorf("want one of %s", choices)
	}
	if own, ok := field.Addr().Interface().(encoding.TextUnmarshaler); ok {
		return own.UnmarshalText([]byte(given))
	}
	if field.Kind() == reflect.Int {
		number, err := strconv.ParseUint(given, 10, 31)
		if err != nil {
			return errors.New("want a whole number, not below 0")
		}
		field.SetInt(int64(number))
		return nil
	}
	field.SetString(given)
	return nil
}
