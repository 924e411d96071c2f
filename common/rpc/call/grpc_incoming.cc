#include "common/rpc/call/grpc_incoming.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format_lite.h>
#include <grpcpp/impl/codegen/proto_utils.h>

#include "common/rpc/peer/nothing_changed.h"

namespace usher::rpc {
namespace {

using google::protobuf::internal::WireFormatLite;
using Traits = grpc::SerializationTraits<google::protobuf::Message>;

}  // namespace

std::optional<absl::string_view> GrpcIncoming::Header(absl::string_view name) const {
  const auto& headers = context_.client_metadata();
  const auto found = headers.find(grpc::string_ref(name.data(), name.size()));
  if (found == headers.end()) return std::nullopt;
  return absl::string_view(found->second.data(), found->second.size());
}

std::string GrpcIncoming::Headers(absl::string_view name) const {
  std::string all;
  const auto found =
      context_.client_metadata().equal_range(grpc::string_ref(name.data(), name.size()));
  for (auto it = found.first; it != found.second; ++it) {
    if (!all.empty()) all.push_back(',');
    all.append(it->second.data(), it->second.size());
  }
  return all;
}

std::vector<std::string> GrpcIncoming::CertificateNames() const {
  std::vector<std::string> names;
  const auto auth = context_.auth_context();
  if (!auth->IsPeerAuthenticated()) return names;
  for (const auto& name : auth->FindPropertyValues("x509_common_name")) {
    names.emplace_back(name.data(), name.size());
  }
  return names;
}

// As a parser does it: of a field that comes more than once, the parts are merged.
bool GrpcIncoming::ReadAccessInfo(int number, ::common::AccessInfo* access) {
  grpc::ProtoBufferReader reader(&request_);
  if (!reader.status().ok()) return false;
  google::protobuf::io::CodedInputStream bytes(&reader);
  const uint32_t wanted =
      WireFormatLite::MakeTag(number, WireFormatLite::WIRETYPE_LENGTH_DELIMITED);
  while (const uint32_t tag = bytes.ReadTag()) {
    if (tag != wanted) {
      if (!WireFormatLite::SkipField(&bytes, tag)) return false;
      continue;
    }
    int length = 0;
    if (!bytes.ReadVarintSizeAsInt(&length)) return false;
    const auto limit = bytes.PushLimit(length);
    if (!access->MergePartialFromCodedStream(&bytes) || bytes.BytesUntilLimit() != 0) return false;
    bytes.PopLimit(limit);
  }
  return bytes.ConsumedEntireMessage();
}

bool GrpcIncoming::ReadRequest(google::protobuf::Message* request) {
  return Traits::Deserialize(&request_, request).ok();
}

void GrpcIncoming::SayThatNothingChanged() {
  context_.AddTrailingMetadata(kNothingChangedTrailer, "1");
}

bool GrpcIncoming::Serialize(const google::protobuf::Message& message, grpc::ByteBuffer* bytes) {
  bool own = false;
  return Traits::Serialize(message, bytes, &own).ok();
}

}  // namespace usher::rpc
