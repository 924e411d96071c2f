// What a completion queue's events point at.
#pragma once

namespace usher::rpc {

class Tag {
 public:
  virtual ~Tag() = default;
  // Called by the polling thread. `ok` as in grpc::CompletionQueue::Next. May delete the tag.
  virtual void Proceed(bool ok) = 0;
};

}  // namespace usher::rpc
