// What the gate wants to know of a call, from gRPC's side of it.
#pragma once

#include <grpcpp/server_context.h>
#include <grpcpp/support/byte_buffer.h>

#include <optional>
#include <string>
#include <vector>

#include "common/rpc/call/incoming.h"

namespace usher::rpc {

// Base of RawCall and StreamCall, which differ in how they answer.
class GrpcIncoming : public Incoming {
 public:
  std::string Peer() const final { return context_.peer(); }
  absl::Time Deadline() const final { return absl::FromChrono(context_.deadline()); }
  std::optional<absl::string_view> Header(absl::string_view name) const final;
  std::string Headers(absl::string_view name) const final;
  std::vector<std::string> CertificateNames() const final;
  size_t RequestSize() const final { return request_.Length(); }
  bool ReadAccessInfo(int number, ::common::AccessInfo* access) final;
  bool ReadRequest(google::protobuf::Message* request) final;
  void SayThatNothingChanged() final;

 protected:
  // False for what cannot be serialized, which is a fault of ours.
  static bool Serialize(const google::protobuf::Message& message, grpc::ByteBuffer* bytes);

  grpc::ServerContext context_;
  grpc::ByteBuffer request_;
};

}  // namespace usher::rpc
