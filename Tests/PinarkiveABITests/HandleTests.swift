import CPinarkive
import Testing

@testable import Pinarkive
@testable import PinarkiveABI

/// Handles come from one list for the whole process, so these tests take turns.
@Suite(.serialized)
struct HandleTests {
  @Test func aFreedClientIsRefused() throws {
    let client = try #require(makeClient().client)
    #expect(list(client)?.status == status(PK_ERROR_NETWORK))
    pk_free(client)
    #expect(list(client)?.status == status(PK_ERROR_INVALID_ARGUMENT))
    #expect(list(client)?.message == "The client was freed: make a new one.")
  }

  @Test func aFreedCancellationIsRefused() throws {
    let client = try #require(makeClient().client)
    defer { pk_free(client) }
    let cancellation = try #require(pk_cancellation_new())
    pk_free(cancellation)
    pk_cancel(cancellation)
    let reported = list(client, cancellation: cancellation)
    #expect(reported?.status == status(PK_ERROR_INVALID_ARGUMENT))
    #expect(reported?.message.hasPrefix("The cancellation was freed before the call") == true)
  }

  @Test func freeingTwiceDoesNothing() throws {
    let client = try #require(makeClient().client)
    let cancellation = try #require(pk_cancellation_new())
    for _ in 0..<3 {
      pk_free(client)
      pk_free(cancellation)
    }
    pk_free(nil)
    pk_cancel(nil)
    // The list of handles is whole: each of the next ones is one of its own.
    let cancellations = (0..<8).map { _ in pk_cancellation_new() }
    #expect(Set(cancellations).count == 8)
    for cancellation in cancellations { pk_free(cancellation) }
  }

  @Test func oneKindOfHandleIsNotTakenForAnother() throws {
    let client = try #require(makeClient().client)
    let cancellation = try #require(pk_cancellation_new())
    let asClient = UnsafeMutableRawPointer(cancellation).assumingMemoryBound(to: pk_client.self)
    let asCancellation =
      UnsafeMutableRawPointer(client).assumingMemoryBound(to: pk_cancellation.self)
    #expect(list(asClient)?.status == status(PK_ERROR_INVALID_ARGUMENT))
    #expect(list(client, cancellation: asCancellation)?.status == status(PK_ERROR_INVALID_ARGUMENT))
    pk_cancel(asCancellation)
    // Not cancelled, so the call gets as far as the network.
    #expect(list(client, cancellation: cancellation)?.status == status(PK_ERROR_NETWORK))
    pk_free(client)
    pk_free(cancellation)
  }

  /// The one unused longest comes first, so that a handle freed a moment ago stays recognisable.
  @Test func handlesAreUsedAgainInTheOrderOfTheirRelease() throws {
    let count = 6
    let first = try (0..<count).map { _ in try #require(pk_cancellation_new()) }
    for cancellation in first { pk_free(cancellation) }
    // Others that were free before come first.
    var later: [UnsafeMutablePointer<pk_cancellation>] = []
    while later.last != first.last {
      later.append(try #require(pk_cancellation_new()))
      try #require(later.count < 10_000)
    }
    #expect(later.suffix(count) == first[...])
    #expect(Set(later).count == later.count)
    for cancellation in later { pk_free(cancellation) }
  }

  @Test func aHandleThatIsUsedAgainIsNotFired() throws {
    let client = try #require(makeClient().client)
    defer { pk_free(client) }
    let fired = try #require(pk_cancellation_new())
    pk_cancel(fired)
    #expect(list(client, cancellation: fired)?.status == status(PK_ERROR_CANCELLED))
    pk_free(fired)
    var others: [UnsafeMutablePointer<pk_cancellation>] = []
    while others.last != fired {
      others.append(try #require(pk_cancellation_new()))
      try #require(others.count < 10_000)
    }
    #expect(list(client, cancellation: fired)?.status == status(PK_ERROR_NETWORK))
    for cancellation in others { pk_free(cancellation) }
  }

  @Test func anEnteredHandleKeepsItsObjectUntilItIsLeft() throws {
    let client = try #require(makeClient().client)
    let call = try #require(Handle(entering: client, .client))
    pk_free(client)
    #expect(Handle(entering: client, .client) == nil)
    #expect(Handle(closing: client, .client) == nil)
    // The client is still there: the call that has it is told that it was closed.
    let isClosed = call.object(ClientCore.self).pointee.isClosed
    #expect(isClosed)
    let other = try #require(makeClient().client)
    #expect(other != client)
    leaveClient(call)
    pk_free(other)
  }
}
