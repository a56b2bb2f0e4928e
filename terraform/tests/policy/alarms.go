package policy

import (
	"slices"
	"strings"

	"omni/internal/pipeline"
)

var alarmRules = []Rule{
	{Name: "every dead letter queue has an alarm at its first message", Check: deadLetterAlarms},
	{Name: "every queue has an alarm on the age of its oldest message", Check: ageAlarms},
	{Name: "every function has alarms on errors and throttles", Check: functionAlarms},
	{Name: "every channel has alarms on what goes wrong with its webhooks, answers and files", Check: channelAlarms},
	{Name: "the database has alarms on capacity and connections", Check: databaseAlarms},
	{Name: "every API has alarms on what it could not answer", Check: apiAlarms},
	{Name: "every alarm tells somebody, and silence is no alarm", Check: alarmActions},
}

// An about says which measurement an alarm is to watch.
type about struct{ namespace, metric, dimension, value string }

// alarm finds the alarm that watches it. What an apply will tell counts as right.
func (s Stack) alarm(a about) (Resource, bool) {
	alarms := s.of("aws_cloudwatch_metric_alarm")
	i := slices.IndexFunc(alarms, func(alarm Resource) bool {
		at := "dimensions." + a.dimension
		return alarm.text("namespace") == a.namespace && alarm.text("metric_name") == a.metric && (alarm.text(at) == a.value || !alarm.known(at))
	})
	if i < 0 {
		return Resource{}, false
	}
	return alarms[i], true
}

// wants is a sentence for every missing alarm.
func (s Stack) wants(alarms ...about) (broken []string) {
	for _, a := range alarms {
		if _, there := s.alarm(a); !there {
			broken = append(broken, "no alarm watches "+a.namespace+" "+a.metric+" of "+a.value)
		}
	}
	return broken
}

func deadLetterAlarms(s Stack) (broken []string) {
	_, dead := split(s)
	for _, queue := range dead {
		alarm, there := s.alarm(about{"AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", queue.text("name")})
		if !there || alarm.number("threshold") != 0 || alarm.text("comparison_operator") != "GreaterThanThreshold" {
			broken = append(broken, queue.breaks("has no alarm that its first message raises"))
		}
	}
	return broken
}

func ageAlarms(s Stack) (broken []string) {
	working, _ := split(s)
	for _, queue := range working {
		broken = append(broken, s.wants(about{"AWS/SQS", "ApproximateAgeOfOldestMessage", "QueueName", queue.text("name")})...)
	}
	return broken
}

func functionAlarms(s Stack) (broken []string) {
	for _, function := range s.of("aws_lambda_function") {
		for _, metric := range []string{"Errors", "Throttles"} {
			broken = append(broken, s.wants(about{"AWS/Lambda", metric, "FunctionName", function.text("function_name")})...)
		}
	}
	return broken
}

// Counts that have an alarm, of each channel and of all together.
var (
	channelCounts = []string{
		pipeline.CountRefused, pipeline.CountFailed, pipeline.CountSpilled, pipeline.CountNewUnknown, pipeline.CountParseError, pipeline.CountDead,
		pipeline.CountSendFailed, pipeline.CountSendUnknown, pipeline.CountUnhealthy, pipeline.CountMediaFailed,
	}
	commonCounts = []string{pipeline.CountDeadJob, pipeline.CountDeliveryDisabled}
)

func channelAlarms(s Stack) (broken []string) {
	for channel := range s.Project.Channels {
		for _, count := range channelCounts {
			broken = append(broken, s.wants(about{s.Project.Prefix, count, "Channel", channel})...)
		}
	}
	for _, count := range commonCounts {
		broken = append(broken, s.wants(about{s.Project.Prefix, count, "Channel", pipeline.AllChannels})...)
	}
	return broken
}

func databaseAlarms(s Stack) (broken []string) {
	for _, cluster := range s.of("aws_rds_cluster") {
		for _, metric := range []string{"ACUUtilization", "DatabaseConnections"} {
			broken = append(broken, s.wants(about{"AWS/RDS", metric, "DBClusterIdentifier", cluster.text("cluster_identifier")})...)
		}
	}
	return broken
}

// apiAlarms looks into the module of each API, for before the first apply no alarm says which API it watches.
func apiAlarms(s Stack) (broken []string) {
	for _, api := range s.of("aws_apigatewayv2_api") {
		metrics := []string{"5xx"}
		if api.text("protocol_type") == "WEBSOCKET" {
			metrics = []string{"ExecutionError", "IntegrationError"}
		}
		own := Stack{Project: s.Project, Resources: s.inModule(api.Module, "aws_cloudwatch_metric_alarm")}
		for _, metric := range metrics {
			if _, there := own.alarm(about{"AWS/ApiGateway", metric, "ApiId", api.text("id")}); !there {
				broken = append(broken, api.breaks("has no alarm on %s", metric))
			}
		}
	}
	return broken
}

func alarmActions(s Stack) (broken []string) {
	for _, alarm := range s.of("aws_cloudwatch_metric_alarm") {
		if !alarm.given("alarm_actions") || !alarm.given("ok_actions") {
			broken = append(broken, alarm.breaks("tells nobody that it began, or that it is over"))
		}
		if missing := alarm.text("treat_missing_data"); missing != "notBreaching" {
			broken = append(broken, alarm.breaks("treats missing data as %q: nothing happened is no alarm", missing))
		}
		if alarm.text("alarm_description") == "" {
			broken = append(broken, alarm.breaks("does not say what it means"))
		}
	}
	return broken
}

// Alarms returns the patterns of the alarms' names, sorted: <prefix>-<function>-errors stands for that of every function.
func Alarms(s Stack) []string {
	var patterns []string
	for _, alarm := range s.of("aws_cloudwatch_metric_alarm") {
		pattern := "<prefix>" + strings.TrimPrefix(alarm.text("alarm_name"), s.Project.Prefix)
		for dimension, placeholder := range map[string]string{"FunctionName": "<function>", "QueueName": "<queue>", "Channel": "<channel>"} {
			pattern = replaceName(pattern, s.subject(alarm.text("dimensions."+dimension)), placeholder)
		}
		patterns = append(patterns, pattern)
	}
	slices.Sort(patterns)
	return slices.Compact(patterns)
}

// subject is what an alarm's name calls the thing that a dimension names: a queue's dead letters are the queue's.
func (s Stack) subject(dimension string) string {
	name := strings.TrimSuffix(strings.TrimPrefix(dimension, s.Project.Prefix+"-"), ".fifo")
	return strings.TrimSuffix(name, "-dead")
}

func replaceName(pattern, name, placeholder string) string {
	if name == "" {
		return pattern
	}
	return strings.Replace(pattern, "<prefix>-"+name+"-", "<prefix>-"+placeholder+"-", 1)
}
