metadata name = 'Dropped files'
metadata description = 'Tells the active stamp of every file that is put into the container drop. Event Grid fills a queue, because it cannot call an app that is private.'

import { roles, stampName, tagSet } from '../types.bicep'

@description('Required. Name of the system topic.')
@minLength(3)
@maxLength(50)
param name string

@description('Required. Region.')
param location string

@description('Required. Tags of every resource.')
param tags tagSet

@description('Required. Name of the data account.')
param dataStorageName string

@description('Required. Names of the host storage of all stamps. Each gets the right to be told, so that another stamp can become active without waiting for it.')
@minLength(1)
param hostStorageNames string[]

@description('Required. Name of the active stamp\'s host storage.')
param activeStorageName string

@description('Required. The active stamp.')
param stamp stampName

@description('Required. Where diagnostics go.')
param workspaceId string

resource dataStorage 'Microsoft.Storage/storageAccounts@2025-08-01' existing = {
  name: dataStorageName

  resource blobs 'blobServices' existing = {
    name: 'default'

    resource undelivered 'containers' existing = { name: 'undelivered-events' }
  }
}

resource activeStorage 'Microsoft.Storage/storageAccounts@2025-08-01' existing = {
  name: activeStorageName
}

resource queues 'Microsoft.Storage/storageAccounts/queueServices/queues@2025-08-01' existing = [
  for account in hostStorageNames: {
    name: '${account}/default/dropped-files'
  }
]

// The topic's own identity: behind a firewall, Event Grid delivers to storage with no other.
resource topic 'Microsoft.EventGrid/systemTopics@2025-02-15' = {
  name: name
  location: location
  tags: tags
  identity: { type: 'SystemAssigned' }
  properties: { source: dataStorage.id, topicType: 'Microsoft.Storage.StorageAccounts' }
}

resource delivery 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (account, i) in hostStorageNames: {
    name: guid(queues[i].id, topic.id, 'Storage Queue Data Message Sender')
    scope: queues[i]
    properties: {
      principalId: topic.identity.principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: subscriptionResourceId(
        'Microsoft.Authorization/roleDefinitions',
        roles['Storage Queue Data Message Sender']
      )
      description: 'Event Grid says which files were dropped.'
    }
  }
]

resource deadLetters 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(dataStorage::blobs::undelivered.id, topic.id, 'Storage Blob Data Contributor')
  scope: dataStorage::blobs::undelivered
  properties: {
    principalId: topic.identity.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId(
      'Microsoft.Authorization/roleDefinitions',
      roles['Storage Blob Data Contributor']
    )
    description: 'Event Grid keeps what it could not deliver.'
  }
}

resource subscription 'Microsoft.EventGrid/systemTopics/eventSubscriptions@2025-02-15' = {
  parent: topic
  name: 'dropped-files'
  properties: {
    eventDeliverySchema: 'CloudEventSchemaV1_0'
    filter: {
      includedEventTypes: ['Microsoft.Storage.BlobCreated']
      subjectBeginsWith: '/blobServices/default/containers/drop/blobs/'
      isSubjectCaseSensitive: true
    }
    deliveryWithResourceIdentity: {
      identity: { type: 'SystemAssigned' }
      destination: {
        endpointType: 'StorageQueue'
        properties: {
          resourceId: activeStorage.id
          queueName: 'dropped-files'
          queueMessageTimeToLiveInSeconds: -1
        }
      }
    }
    deadLetterWithResourceIdentity: {
      identity: { type: 'SystemAssigned' }
      deadLetterDestination: {
        endpointType: 'StorageBlob'
        properties: { resourceId: dataStorage.id, blobContainerName: dataStorage::blobs::undelivered.name }
      }
    }
    retryPolicy: { maxDeliveryAttempts: 30, eventTimeToLiveInMinutes: 1440 }
    labels: [stamp]
  }
  dependsOn: [delivery, deadLetters]
}

resource diagnostics 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {
  name: 'workspace'
  scope: topic
  properties: {
    workspaceId: workspaceId
    logs: [{ categoryGroup: 'allLogs', enabled: true }]
    metrics: [{ category: 'AllMetrics', enabled: true }]
  }
}
