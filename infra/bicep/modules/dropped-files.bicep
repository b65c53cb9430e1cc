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

@description('Required. Name of the active stamp\'s host storage.')
param hostStorageName string

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

resource hostStorage 'Microsoft.Storage/storageAccounts@2025-08-01' existing = {
  name: hostStorageName

  resource queues 'queueServices' existing = {
    name: 'default'

    resource droppedFiles 'queues' existing = { name: 'dropped-files' }
  }
}

// The topic's own identity: behind a firewall, Event Grid delivers to storage with no other.
resource topic 'Microsoft.EventGrid/systemTopics@2025-02-15' = {
  name: name
  location: location
  tags: tags
  identity: { type: 'SystemAssigned' }
  properties: { source: dataStorage.id, topicType: 'Microsoft.Storage.StorageAccounts' }
}

resource delivery 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(hostStorage::queues::droppedFiles.id, topic.id, 'Storage Queue Data Message Sender')
  scope: hostStorage::queues::droppedFiles
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
          resourceId: hostStorage.id
          queueName: hostStorage::queues::droppedFiles.name
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
