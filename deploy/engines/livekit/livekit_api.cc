#include "deploy/engines/livekit/livekit_api.h"

#include "absl/strings/str_cat.h"
#include "common/base/printable.h"
#include "common/http/json_reader.h"
#include "common/http/json_writer.h"
#include "common/status/try.h"
#include "common/token/hs256_jwt.h"

namespace usher::livekit {
namespace {

constexpr absl::Duration kTokenLifetime = absl::Minutes(1);
constexpr absl::Duration kClockBehind = absl::Seconds(30);
constexpr size_t kLongestAnswerShown = 200;  // bytes
constexpr absl::string_view kList = R"("roomList":true)";
constexpr absl::string_view kCreate = R"("roomCreate":true)";

std::string AdminOf(const std::string& room) {
  return absl::StrCat(R"("roomAdmin":true,"room":)", http::JsonString(room));
}

absl::Status StatusOfAnswer(absl::string_view method, const HttpAnswer& answer) {
  const std::string text = absl::StrCat("LiveKit's ", method, ": HTTP ", answer.code, " ",
                                        PrintableOf(answer.body, kLongestAnswerShown));
  if (answer.code == 200) return absl::OkStatus();
  if (answer.code == 404) return absl::NotFoundError(text);
  if (answer.code == 401 || answer.code == 403) return absl::PermissionDeniedError(text);
  return absl::UnavailableError(text);
}

template <class Message>
absl::StatusOr<Message> Read(absl::string_view method, const std::string& json) {
  Message message;
  if (const absl::Status read = http::ReadJson(json, &message); !read.ok()) {
    return absl::UnavailableError(absl::StrCat("LiveKit's ", method, ": ", read.message()));
  }
  return message;
}

}  // namespace

absl::StatusOr<std::string> TwirpApi::Call(absl::string_view method, absl::string_view grants,
                                           const google::protobuf::Message& request) {
  const absl::Time now = clock_.Now();
  const std::string claims =
      absl::StrCat(R"({"iss":)", http::JsonString(options_.key), R"(,"nbf":)",
                   absl::ToUnixSeconds(now - kClockBehind), R"(,"exp":)",
                   absl::ToUnixSeconds(now + kTokenLifetime), R"(,"video":{)", grants, "}}");
  std::string body;
  http::WriteJson(request, &body);
  std::string authorization = absl::StrCat("Bearer ", token::SignHs256(claims, options_.secret));
  auto answer = http_->Post(absl::StrCat(options_.url, "/twirp/livekit.RoomService/", method),
                            authorization, body);
  WipeText(authorization);
  RETURN_IF_ERROR(answer.status());
  RETURN_IF_ERROR(StatusOfAnswer(method, *answer));
  return std::move(answer->body);
}

absl::StatusOr<std::vector<wire::Room>> TwirpApi::ListRooms() {
  ASSIGN_OR_RETURN(const std::string json, Call("ListRooms", kList, wire::ListRoomsRequest()));
  ASSIGN_OR_RETURN(const auto answer, Read<wire::ListRoomsResponse>("ListRooms", json));
  return std::vector<wire::Room>(answer.rooms().begin(), answer.rooms().end());
}

absl::StatusOr<std::vector<wire::Participant>> TwirpApi::ListParticipants(const std::string& room) {
  wire::ListParticipantsRequest request;
  request.set_room(room);
  ASSIGN_OR_RETURN(const std::string json, Call("ListParticipants", AdminOf(room), request));
  ASSIGN_OR_RETURN(const auto answer,
                   Read<wire::ListParticipantsResponse>("ListParticipants", json));
  return std::vector<wire::Participant>(answer.participants().begin(), answer.participants().end());
}

absl::Status TwirpApi::RemoveParticipant(const std::string& room, const std::string& identity) {
  wire::RoomParticipantIdentity request;
  request.set_room(room);
  request.set_identity(identity);
  return Call("RemoveParticipant", AdminOf(room), request).status();
}

absl::Status TwirpApi::UpdateParticipant(const std::string& room, const std::string& identity,
                                         const wire::Permission& permission) {
  wire::UpdateParticipantRequest request;
  request.set_room(room);
  request.set_identity(identity);
  *request.mutable_permission() = permission;
  return Call("UpdateParticipant", AdminOf(room), request).status();
}

absl::Status TwirpApi::DeleteRoom(const std::string& room) {
  wire::DeleteRoomRequest request;
  request.set_room(room);
  return Call("DeleteRoom", kCreate, request).status();
}

}  // namespace usher::livekit
