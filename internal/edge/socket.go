package edge

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"

	"github.com/aws/aws-lambda-go/events"

	"omni/internal/inbox"
)

// The routes of a WebSocket API.
const (
	RouteConnect    = "$connect"
	RouteDisconnect = "$disconnect"
	RouteDefault    = "$default"
)

// SocketHandler is the shape of a Lambda function behind a WebSocket API.
type SocketHandler func(context.Context, events.APIGatewayWebsocketProxyRequest) (events.APIGatewayProxyResponse, error)

// Switchboard is what sockets are connected to.
type Switchboard interface {
	Open(ctx context.Context, connection, ticket string) (bool, error)
	Close(ctx context.Context, connection string) error
	Answer(message string) inbox.Frame
}

// Sockets answers the routes of a WebSocket API. Who comes without a good ticket gets 401 and no reason; a socket that cannot be opened now, 503. Its log
// lines name connections, never tickets or messages.
func Sockets(board Switchboard, log *slog.Logger) SocketHandler {
	return func(ctx context.Context, event events.APIGatewayWebsocketProxyRequest) (events.APIGatewayProxyResponse, error) {
		id := event.RequestContext.ConnectionID
		switch event.RequestContext.RouteKey {
		case RouteConnect:
			return status(connect(ctx, board, log, event)), nil
		case RouteDisconnect:
			if err := board.Close(ctx, id); err != nil {
				log.Warn("connection not forgotten: it will be when it is pushed to, or too old", "connection_id", id, "error", err.Error())
			}
			return status(http.StatusOK), nil
		case RouteDefault:
			body, err := json.Marshal(board.Answer(event.Body))
			return events.APIGatewayProxyResponse{StatusCode: http.StatusOK, Body: string(body)}, err
		}
		return events.APIGatewayProxyResponse{}, fmt.Errorf("route %q is not known here", event.RequestContext.RouteKey)
	}
}

// connect is the status with which a socket is opened or refused.
func connect(ctx context.Context, board Switchboard, log *slog.Logger, event events.APIGatewayWebsocketProxyRequest) int {
	id := event.RequestContext.ConnectionID
	opened, err := board.Open(ctx, id, event.QueryStringParameters["ticket"])
	switch {
	case err != nil:
		log.Error("connection not opened", "connection_id", id, "error", err.Error())
		return http.StatusServiceUnavailable
	case !opened:
		log.Info("connection refused", "connection_id", id)
		return http.StatusUnauthorized
	}
	return http.StatusOK
}

func status(code int) events.APIGatewayProxyResponse {
	return events.APIGatewayProxyResponse{StatusCode: code}
}
