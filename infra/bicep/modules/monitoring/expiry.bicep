metadata name = 'Expiry'
metadata description = 'Event Grid tells, as an alert of Azure Monitor, when a key, secret or certificate of the vault is about to expire: thirty days before, and when it has.'

import { tagSet } from '../../types.bicep'

@description('Required. What names begin with.')
param prefix string

@description('Required. Region.')
param location string

@description('Required. Tags of every resource.')
param tags tagSet

@description('Required. The workspace that diagnostics go to.')
param workspaceId string

@description('Required. The key vault.')
param vaultId string

@description('Required. Where the first thing to do is written.')
param guide string

@description('Required. Action group that hears of it.')
param warningActionId string

resource topic 'Microsoft.EventGrid/systemTopics@2025-02-15' = {
  name: 'evgt-${prefix}-vault'
  location: location
  tags: tags
  properties: {
    source: vaultId
    topicType: 'Microsoft.KeyVault.vaults'
  }

  resource subscription 'eventSubscriptions' = {
    name: 'expiring'
    properties: {
      eventDeliverySchema: 'CloudEventSchemaV1_0' // the only one that this destination takes
      destination: {
        endpointType: 'MonitorAlert'
        properties: {
          severity: 'Sev2'
          actionGroups: [warningActionId]
          description: 'A key, secret or certificate of the vault expires within thirty days, or has expired. First thing to do: ${guide}vault-expiring'
        }
      }
      filter: {
        includedEventTypes: [
          'Microsoft.KeyVault.KeyNearExpiry'
          'Microsoft.KeyVault.KeyExpired'
          'Microsoft.KeyVault.SecretNearExpiry'
          'Microsoft.KeyVault.SecretExpired'
          'Microsoft.KeyVault.CertificateNearExpiry'
          'Microsoft.KeyVault.CertificateExpired'
        ]
      }
    }
  }
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
