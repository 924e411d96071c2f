#include "common/db/connection.h"

#include <string>
#include <utility>

namespace usher::db {

Connection::Connection(std::unique_ptr<Session> session, Watchdog& dog)
    : pqxx::connection_base(handover_),  // kept, not used before init()
      session_(std::move(session)),
      watch_(dog, session_->socket()),
      handover_(session_->connection()) {
  session_->MakeBlocking();
  init();
}

Connection::~Connection() { close(); }

Connection::Handover::Handover(PGconn* connection)
    : pqxx::connectionpolicy(std::string()), connection_(connection) {}

// libpqxx asks twice for the first connection, and again where it would like to connect anew.
pqxx::connectionpolicy::handle Connection::Handover::do_startconnect(handle connected) {
  return connected != nullptr ? connected : std::exchange(connection_, nullptr);
}

pqxx::connectionpolicy::handle Connection::Handover::do_dropconnect(handle /*ours*/) noexcept {
  return nullptr;
}

pqxx::connectionpolicy::handle Connection::Handover::do_disconnect(handle /*ours*/) noexcept {
  return nullptr;
}

}  // namespace usher::db
