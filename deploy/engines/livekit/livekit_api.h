// LiveKit's RoomService: what it knows of its rooms, and what it is told to do in them.
#pragma once

#include <deploy/engines/livekit/livekit_protocol.pb.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/base/clock.h"
#include "common/base/secret.h"
#include "deploy/engines/livekit/http_post.h"

namespace usher::livekit {

// All are kNotFound where room or participant is not there (any more); kPermissionDenied when the
// server does not take the key; kUnavailable when it does not answer, or with a fault of its own.
class LiveKitApi {
 public:
  virtual ~LiveKitApi() = default;

  virtual absl::StatusOr<std::vector<wire::Room>> ListRooms() = 0;
  virtual absl::StatusOr<std::vector<wire::Participant>> ListParticipants(
      const std::string& room) = 0;
  virtual absl::Status RemoveParticipant(const std::string& room, const std::string& identity) = 0;
  virtual absl::Status UpdateParticipant(const std::string& room, const std::string& identity,
                                         const wire::Permission& permission) = 0;
  virtual absl::Status DeleteRoom(const std::string& room) = 0;
};

struct TwirpOptions {
  std::string url;  // http(s)://host:port, without a slash at its end
  std::string key;
  Secret secret;
};

// By JSON over HTTP (https://twitchtv.github.io/twirp/docs/spec_v7.html). For one thread at a time.
class TwirpApi final : public LiveKitApi {
 public:
  TwirpApi(TwirpOptions options, std::unique_ptr<HttpPost> http, const Clock& clock)
      : options_(std::move(options)), http_(std::move(http)), clock_(clock) {}

  absl::StatusOr<std::vector<wire::Room>> ListRooms() override;
  absl::StatusOr<std::vector<wire::Participant>> ListParticipants(const std::string& room) override;
  absl::Status RemoveParticipant(const std::string& room, const std::string& identity) override;
  absl::Status UpdateParticipant(const std::string& room, const std::string& identity,
                                 const wire::Permission& permission) override;
  absl::Status DeleteRoom(const std::string& room) override;

 private:
  // `grants`: what the token for this call says as `video`, without braces. The answer, as JSON.
  absl::StatusOr<std::string> Call(absl::string_view method, absl::string_view grants,
                                   const google::protobuf::Message& request);

  const TwirpOptions options_;
  const std::unique_ptr<HttpPost> http_;
  const Clock& clock_;
};

}  // namespace usher::livekit
